// Elements made from data; text is always text.

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
    else if (name === "onclick") made.addEventListener("click", value);
    else if (name === "data") Object.assign(made.dataset, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

export const button = (words, onclick, properties = {}) => element("button", { type: "button", onclick, ...properties }, words);

// A text field that grows with its text: the box holds the text a second time, unseen, and so has its height.
export function growing(properties) {
  const field = element("textarea", { rows: 1, spellcheck: false, autocomplete: "off", ...properties });
  const box = element("div", { className: "fill-grow" }, field);
  field.addEventListener("input", () => echo(field));
  return { box, field };
}

export function echo(field) {
  const box = field.parentElement;
  if (box?.classList.contains("fill-grow")) box.dataset.echo = field.value;
}

// Leaves a field that already says so alone, so that the caret stays
export function put(field, text) {
  if (field.value !== text) field.value = text;
  echo(field);
}

// The children of a place, kept where they are kept and moved where they have moved
export function arrange(place, wanted) {
  const focused = document.activeElement;
  const within = focused && place.contains(focused) && focused;
  const caret = within && "selectionStart" in within ? [within.selectionStart, within.selectionEnd] : undefined;
  let at = place.firstChild;
  for (const child of wanted) {
    if (child === at) at = at.nextSibling;
    else place.insertBefore(child, at);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
  if (within?.isConnected && document.activeElement !== within) {
    within.focus({ preventScroll: true });
    if (caret && caret[0] !== null) within.setSelectionRange(...caret);
  }
}

export function goTo(target) {
  for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}

let asked = 0;

// For screen readers: the latest sentence only, and the same sentence twice is said twice
export function say(words) {
  const place = document.getElementById("fill-said");
  const turn = ++asked;
  place.textContent = "";
  setTimeout(() => {
    if (turn === asked) place.textContent = words;
  }, 80);
}

// Also where the page is not served over HTTPS, as inside many offices
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element("textarea", { value: text, className: "visually-hidden", readOnly: true });
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus({ preventScroll: true });
    return done;
  }
}
