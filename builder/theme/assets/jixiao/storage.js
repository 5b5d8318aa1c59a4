// What the theme's own scripts expect to find: values kept in the browser under the address of this site,
// so that two sites on one server do not share them. Loaded before anything else.
"use strict";

var __md_scope = new URL(document.currentScript.dataset.base, location);

function __md_hash(text) {
  let hash = 0;
  for (const char of text) hash = ((hash << 5) - hash + char.charCodeAt(0)) | 0;
  return hash;
}

function __md_get(key, store = localStorage, scope = __md_scope) {
  try {
    return JSON.parse(store.getItem(`${scope.pathname}.${key}`));
  } catch {
    return null; // storage is off, or holds what another program wrote
  }
}

function __md_set(key, value, store = localStorage, scope = __md_scope) {
  try {
    store.setItem(`${scope.pathname}.${key}`, JSON.stringify(value));
  } catch {
    // A full or forbidden store only means that the choice is not remembered.
  }
}
