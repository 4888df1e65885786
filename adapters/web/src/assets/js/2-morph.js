// Changes a part of the page into what it has become, touching only what differs: what is focused, open, typed or
// scrolled stays as it is.

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE && node.id) || null;

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function morphAttributes(from, to) {
  for (const { name } of [...from.attributes]) {
    const isState = name === "open" && (from.nodeName === "DETAILS" || from.nodeName === "DIALOG");
    if (!to.hasAttribute(name) && !isState) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

function morph(from, to) {
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) return;
  morphAttributes(from, to);
  const isTyped = from.matches("textarea, select, input:not([type=hidden])");
  if (!isTyped) morphChildren(from, to);
}

function morphChildren(from, to) {
  let here = from.firstChild;
  for (const next of [...to.childNodes]) {
    const key = keyOf(next);
    const known = key ? [...from.children].find((child) => child.id === key) : null;
    if (known) {
      if (known !== here) from.insertBefore(known, here);
      morph(known, next);
      here = known.nextSibling;
    } else if (here && !keyOf(here) && alike(here, next)) {
      morph(here, next);
      here = here.nextSibling;
    } else {
      from.insertBefore(next, here);
    }
  }
  while (here) {
    const after = here.nextSibling;
    here.remove();
    here = after;
  }
}
