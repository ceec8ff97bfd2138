// The evaluator of conditions in the page: the same form and the same answers as
// questionnaire/conditions.py. Both run tests/condition_cases.yaml.
//
// `facts` has value(question, row, column) and rows(question).

const isBlank = (value) =>
  value === null || value === undefined || value === "" ||
  (Array.isArray(value) && value.length === 0);
const isNumber = (value) => typeof value === "number";
const asList = (value) => (Array.isArray(value) ? value : [value]);
const isIn = (value, expected) => !Array.isArray(value) && expected.includes(value);
const compare = (test) => (value, expected) =>
  isNumber(value) && isNumber(expected) && test(value, expected);

const OPERATORS = {
  eq: (value, expected) => value === expected,
  ne: (value, expected) => value !== expected,
  in: isIn,
  not_in: (value, expected) => !isIn(value, expected),
  includes: (value, expected) => asList(value).includes(expected),
  excludes: (value, expected) => !asList(value).includes(expected),
  includes_any: (value, expected) => expected.some((e) => asList(value).includes(e)),
  includes_all: (value, expected) => expected.every((e) => asList(value).includes(e)),
  lt: compare((a, b) => a < b),
  lte: compare((a, b) => a <= b),
  gt: compare((a, b) => a > b),
  gte: compare((a, b) => a >= b),
  answered: () => true,
  not_answered: () => false,
};

function rowsNamed(leaf, facts) {
  if (leaf.row === "*" || (leaf.row === undefined && leaf.col)) return facts.rows(leaf.q);
  if (leaf.row === undefined) return [""];
  return asList(leaf.row);
}

function leafHolds(leaf, value, facts) {
  if (leaf.op === "not_answered") return isBlank(value);
  if (isBlank(value)) return false;
  let expected = leaf.value;
  if (expected !== null && typeof expected === "object" && !Array.isArray(expected)) {
    const other = facts.value(expected.q, expected.row ?? "", expected.col ?? "");
    if (!isNumber(value) || !isNumber(other)) return false;
    expected = other + (expected.add ?? 0);
  }
  return OPERATORS[leaf.op](value, expected);
}

export function holds(condition, facts) {
  if (condition.all) return condition.all.every((part) => holds(part, facts));
  if (condition.any) return condition.any.some((part) => holds(part, facts));
  if (condition.not) return !holds(condition.not, facts);
  return rowsNamed(condition, facts).some((row) =>
    leafHolds(condition, facts.value(condition.q, row, condition.col ?? ""), facts));
}
