// Making elements, text always as text.

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Opens whatever hides an element.
export function openAround(element) {
  for (let box = element.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
}

export const inPage = (page, name) => `${page}#${encodeURIComponent(`c-${name}`)}`;
