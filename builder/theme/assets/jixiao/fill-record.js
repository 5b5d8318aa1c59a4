// The record as the page holds it: every control's text under a key of its own, lists and rows by number, and beside
// them the values as they were read, so that what nobody touched goes out exactly as it came in.
//
// Keys: 栏目 "项目名称", of a group "项目资金/财政拨款", of a list "年度总体目标/3", of a list of groups "豁免/4/规则",
// of an indicator "绩效指标/5/指标值".

export const INDICATORS = "绩效指标";
export const FORM = "表样";
const STEPS = 400; // how far one can go back
const PAUSE = 900; // ms without typing end a step

export function shown(value) {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.join("\n");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

export function blank(form, texts = {}) {
  const state = { form: form.id, texts: { ...texts }, raw: {}, lists: {}, rows: [], more: {}, next: 1 };
  for (const { key, kind } of form.fields) if (kind === "list" || kind === "records") state.lists[key] = [];
  return state;
}

// Every 二级指标 has a row to write in, and every list that must not be empty an item; blank ones are not in the data
export function settle(state, form) {
  for (const slot of slots(state, form)) if (!rowsOf(state, slot).length) addRow(state, slot);
  for (const { key, kind, required } of form.fields) if (kind === "list" && required && !state.lists[key].length) addItem(state, key);
  return state;
}

// From data to the page

export function fromData(data, form) {
  const state = blank(form);
  const known = new Map(form.fields.map((field) => [field.key, field]));
  for (const [key, value] of Object.entries(data)) {
    const field = known.get(key);
    if (!field) keep(state, "", key, value);
    else if (field.kind === "group" && isObject(value)) fromGroup(state, field, key, value);
    else if (field.kind === "list" && Array.isArray(value)) value.forEach((item) => fromItem(state, field, item));
    else if (field.kind === "records" && Array.isArray(value)) value.forEach((item) => fromItem(state, field, item));
    else if (field.kind === "indicators" && isObject(value)) fromIndicators(state, form, value);
    else if (field.kind !== "form") accept(state, key, value);
    if (Array.isArray(value) && !value.length) state.raw[key] = value;
  }
  return state;
}

function accept(state, key, value) {
  state.texts[key] = shown(value);
  state.raw[key] = value;
}

function keep(state, where, key, value) {
  state.more[where] = { ...state.more[where], [key]: value };
}

function fromGroup(state, field, where, value) {
  const known = new Set(field.fields.map(({ key }) => key));
  for (const [key, inner] of Object.entries(value)) {
    if (known.has(key)) accept(state, `${where}/${key}`, inner);
    else keep(state, where, key, inner);
  }
}

function fromItem(state, field, item) {
  const id = state.next++;
  state.lists[field.key].push(id);
  const where = `${field.key}/${id}`;
  if (field.kind === "records" && isObject(item)) fromGroup(state, field, where, item);
  else accept(state, where, item);
}

function fromIndicators(state, form, groups) {
  for (const [level1, group] of Object.entries(groups)) {
    if (!isObject(group)) {
      keep(state, INDICATORS, level1, group);
      continue;
    }
    for (const [level2, rows] of Object.entries(group)) {
      if (Array.isArray(rows) && rows.length) for (const row of rows) fromRow(state, form, level1, level2, row);
      else keep(state, `${INDICATORS}//${level1}`, level2, rows);
    }
  }
}

function fromRow(state, form, level1, level2, row) {
  const id = state.next++;
  state.rows.push({ id, level1, level2, given: true });
  const value = isObject(row) ? row : { [form.columns[0].key]: row };
  fromGroup(state, { fields: form.columns }, `${INDICATORS}/${id}`, value);
}

// From the page to data

function converted(text, kind) {
  if (kind === "integer" && /^-?(?:0|[1-9]\d{0,14})$/u.test(text)) return Number(text);
  if (kind !== "texts") return text;
  const several = text.split("\n").filter((line) => line.trim());
  return several.length > 1 ? several : several[0];
}

function value(state, key, kind) {
  const text = state.texts[key] ?? "";
  if (key in state.raw && shown(state.raw[key]) === text) return state.raw[key];
  return text === "" ? undefined : converted(text, kind);
}

// The data, and for each path in it the key of its control, as [path, key] by the path's JSON
export function toData(state, form) {
  const data = { [FORM]: form.id };
  const places = new Map();
  const set = (into, key, found) => {
    if (found !== undefined) into[key] = found;
  };
  for (const field of form.fields) {
    const { key, kind } = field;
    if (kind === "form") continue;
    mark(places, [key], key);
    if (kind === "group") set(data, key, group(state, field, key, places, [key]) ?? state.raw[key]);
    else if (kind === "list" || kind === "records") set(data, key, list(state, field, places) ?? state.raw[key]);
    else if (kind === "indicators") set(data, key, indicators(state, form, places) ?? state.raw[key]);
    else set(data, key, value(state, key, kind));
  }
  return { data: { ...data, ...state.more[""] }, places };
}

function mark(places, path, key) {
  places.set(JSON.stringify(path), key);
}

function group(state, field, where, places, path) {
  const made = {};
  for (const { key, kind } of field.fields) {
    const found = value(state, `${where}/${key}`, kind);
    mark(places, [...path, key], `${where}/${key}`);
    if (found !== undefined) made[key] = found;
  }
  Object.assign(made, state.more[where]);
  return Object.keys(made).length ? made : undefined;
}

function list(state, field, places) {
  const made = [];
  for (const id of state.lists[field.key]) {
    const where = `${field.key}/${id}`;
    const path = [field.key, made.length];
    const inner = field.kind === "records" ? group(state, field, where, places, path) : undefined;
    const found = inner ?? value(state, where, field.kind);
    if (found === undefined) continue;
    mark(places, path, field.kind === "records" ? `${where}/${field.fields[0].key}` : where);
    made.push(found);
  }
  return made.length ? made : undefined;
}

export const slotKey = (level1, level2) => `${INDICATORS}/${level1}/${level2}`;

// Every 二级指标 of the form, then those of the record that the form does not have
export function slots(state, form) {
  const known = form.level1.flatMap((level1) => level1.level2.map((slot) => ({ ...slot, level1: level1.name, level2: slot.name })));
  const keys = new Set(known.map(({ level1, level2 }) => slotKey(level1, level2)));
  for (const { level1, level2 } of state.rows) {
    if (keys.has(slotKey(level1, level2))) continue;
    keys.add(slotKey(level1, level2));
    known.push({ level1, level2, name: level2, mark: "这个表样里没有，请移走或删去", description: "", strange: true });
  }
  return known;
}

export const rowsOf = (state, { level1, level2 }) => state.rows.filter((row) => row.level1 === level1 && row.level2 === level2);

export function isBlank(state, form, row) {
  const where = `${INDICATORS}/${row.id}`;
  return form.columns.every(({ key }) => !(state.texts[`${where}/${key}`] ?? "").trim() && !(`${where}/${key}` in state.raw));
}

function indicators(state, form, places) {
  const made = {};
  for (const slot of slots(state, form)) {
    const { level1, level2 } = slot;
    mark(places, [INDICATORS, level1, level2], slotKey(level1, level2));
    for (const row of rowsOf(state, slot)) {
      if (isBlank(state, form, row)) continue;
      made[level1] ??= {};
      made[level1][level2] ??= [];
      made[level1][level2].push(indicator(state, form, row, places, [INDICATORS, level1, level2, made[level1][level2].length]));
    }
  }
  for (const [where, more] of Object.entries(state.more)) {
    const level1 = where.startsWith(`${INDICATORS}//`) ? where.slice(INDICATORS.length + 2) : "";
    if (level1) made[level1] = { ...more, ...made[level1] };
  }
  Object.assign(made, state.more[INDICATORS]);
  return Object.keys(made).length ? made : undefined;
}

function indicator(state, form, row, places, path) {
  const where = `${INDICATORS}/${row.id}`;
  const made = {};
  for (const { key, kind } of form.columns) {
    const found = value(state, `${where}/${key}`, kind);
    const missing = kind === "nullable" && (!row.given || `${where}/${key}` in state.raw);
    mark(places, [...path, key], `${where}/${key}`);
    if (found !== undefined) made[key] = found;
    else if (missing) made[key] = null;
  }
  mark(places, path, `${where}/${form.columns[0].key}`);
  return Object.assign(made, state.more[where]);
}

// Changes

export function addRow(state, slot, after) {
  const row = { id: state.next++, level1: slot.level1, level2: slot.level2 };
  const at = after === undefined ? -1 : state.rows.findIndex(({ id }) => id === after);
  if (at >= 0) state.rows.splice(at + 1, 0, row);
  else state.rows.push(row);
  return row;
}

export function removeRow(state, id) {
  state.rows = state.rows.filter((row) => row.id !== id);
  forget(state, `${INDICATORS}/${id}`);
}

export function forget(state, where) {
  for (const bag of [state.texts, state.raw, state.more]) {
    for (const key of Object.keys(bag)) if (key === where || key.startsWith(`${where}/`)) delete bag[key];
  }
}

// Into a 二级指标 before one of its rows, or at its end
export function moveRow(state, id, slot, before) {
  const row = state.rows.find((one) => one.id === id);
  state.rows = state.rows.filter((one) => one !== row);
  Object.assign(row, { level1: slot.level1, level2: slot.level2 });
  const at = before === undefined ? -1 : state.rows.findIndex((one) => one.id === before);
  if (at >= 0) state.rows.splice(at, 0, row);
  else state.rows.push(row);
}

// One row up (-1) or down (1), over the border of its 二级指标 too; whether there was room
export function stepRow(state, form, id, step) {
  const row = state.rows.find((one) => one.id === id);
  const all = slots(state, form);
  const here = all.findIndex(({ level1, level2 }) => level1 === row.level1 && level2 === row.level2);
  const rows = rowsOf(state, row);
  const at = rows.indexOf(row);
  const near = all[here + step];
  if (rows[at + step]) moveRow(state, id, row, step < 0 ? rows[at - 1].id : rows[at + 2]?.id);
  else if (near) moveRow(state, id, near, step < 0 ? undefined : rowsOf(state, near)[0]?.id);
  else return false;
  return true;
}

export function addItem(state, list, after) {
  const id = state.next++;
  const at = after === undefined ? -1 : state.lists[list].indexOf(after);
  state.lists[list].splice(at < 0 ? state.lists[list].length : at + 1, 0, id);
  return id;
}

export function removeItem(state, list, id) {
  state.lists[list] = state.lists[list].filter((one) => one !== id);
  forget(state, `${list}/${id}`);
}

export function stepItem(state, list, id, step) {
  const ids = state.lists[list];
  const at = ids.indexOf(id);
  if (at + step < 0 || at + step >= ids.length) return false;
  [ids[at], ids[at + step]] = [ids[at + step], ids[at]];
  return true;
}

// The states one has been through; typing on in one control is one step
export class History {
  constructor(state, form, onChange) {
    Object.assign(this, { state: settle(state, form), form, onChange, past: [], future: [], merging: "", time: 0, changed: false });
  }

  change(at, edit, { typing = false } = {}) {
    const next = structuredClone(this.state);
    const answer = edit(next);
    if (answer === false) return false;
    settle(next, this.form);
    const now = Date.now();
    if (!typing || at !== this.merging || now - this.time > PAUSE) this.past.push({ state: this.state, at });
    if (this.past.length > STEPS) this.past.shift();
    Object.assign(this, { state: next, future: [], merging: typing ? at : "", time: now, changed: true });
    this.onChange(at);
    return answer;
  }

  step(from, to) {
    const found = from.pop();
    if (!found) return false;
    to.push({ state: this.state, at: found.at });
    Object.assign(this, { state: found.state, merging: "", changed: true });
    this.onChange(found.at, true);
    return true;
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }
}

// Sums of amounts, exact: the texts are decimals, not floating numbers

export function sum(texts) {
  const parts = texts.filter((text) => /^-?\d+(?:\.\d+)?$/u.test(text)).map((text) => text.split("."));
  const places = Math.max(0, ...parts.map(([, after = ""]) => after.length));
  const total = parts.reduce((all, [before, after = ""]) => all + BigInt(before + after.padEnd(places, "0")), 0n);
  const digits = String(total < 0n ? -total : total).padStart(places + 1, "0");
  const text = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  return `${total < 0n ? "-" : ""}${text.includes(".") ? text.replace(/\.?0+$/u, "") : text}`;
}
