// Making elements, text always as text.

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export const inPage = (page, name) => `${page}#${encodeURIComponent(`c-${name}`)}`;
