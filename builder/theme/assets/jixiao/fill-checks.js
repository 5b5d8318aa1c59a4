// What the check found: beside the control it is about, and as a list that leads there.

import { button, element, goTo } from "./fill-dom.js";
import { INDICATORS, slotKey, slots } from "./fill-record.js";

const WORDS = { error: "错误", warning: "警告", info: "提示" };
const MISSING = /缺少“([^”]+)”/u;
const QUIET = 1500; // ms of rest before a screen reader is told

export class Checks {
  constructor(desk) {
    Object.assign(this, { desk, visited: new Set(), problems: [] });
    this.list = element("ol", { className: "fill-problems" });
    this.count = element("p", { className: "fill-count" });
    this.waiting = element("details", { className: "fill-empty", hidden: true }, element("summary", {}), element("ol", { className: "fill-problems" }));
    this.node = element("section", { className: "fill-panel", id: "fill-checks", "aria-labelledby": "fill-checks-title" }, element("h2", { id: "fill-checks-title" }, "检查"), this.count, this.list, this.waiting);
  }

  // Nothing is said yet of what has not been filled in
  reset(fresh) {
    this.visited.clear();
    this.fresh = fresh;
    this.problems = [];
    this.told = "";
    this.count.textContent = "";
    this.list.replaceChildren();
    this.waiting.hidden = true;
  }

  visit({ target }) {
    const { key, row } = target.dataset ?? {};
    const { level1, level2 } = (row && this.desk.state.rows.find(({ id }) => id === Number(row))) ?? {};
    if (key) this.visited.add(key).add(slotKey(level1, level2));
  }

  show({ problems, waived }, places) {
    this.problems = problems.map((problem) => ({ ...problem, key: this.keyOf(problem, places) }));
    this.waived = waived?.length ?? 0;
    this.draw();
  }

  // The key of the control that a finding is about: that of the nearest path, or of what is said to be missing there
  keyOf({ path, message }, places) {
    let key = "";
    for (let length = path.length; length > 0 && !key; length--) key = places.get(JSON.stringify(path.slice(0, length))) ?? "";
    const missing = MISSING.exec(message)?.[1];
    return (missing && this.lacking(key, path, missing)) || key;
  }

  lacking(key, path, name) {
    const near = [`${key}/${name}`, key.replace(/[^/]*$/u, name)];
    const slot = slots(this.desk.state, this.desk.form).find(({ level2 }) => level2 === name);
    if (path[0] === INDICATORS && path.length < 3 && slot) return slotKey(slot.level1, name);
    return (path.length < 2 ? [name, ...near] : near).find((one) => this.control(one) || document.getElementById(`fill-${one}`));
  }

  control(key) {
    return this.desk.place.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  // Where a finding leads: its control, or the section of a list
  target(key) {
    const [, level1, level2] = key.split("/");
    const row = key.startsWith(`${INDICATORS}/`) && this.desk.state.rows.find((one) => one.level1 === level1 && one.level2 === level2);
    if (row) return this.control(`${INDICATORS}/${row.id}/${this.desk.form.columns[0].key}`);
    return this.control(key) ?? document.querySelector(`#fill-${CSS.escape(key.split("/")[0])} :is(textarea, input, button)`) ?? this.desk.place.querySelector("[data-key]");
  }

  pending({ key, severity, message }) {
    const control = key && this.control(key);
    const empty = control && control.tagName !== "BUTTON" ? control.value === "" : MISSING.test(message);
    return this.fresh && empty && !this.visited.has(key) && severity === "error";
  }

  draw() {
    for (const said of this.desk.place.querySelectorAll(".fill-finding")) said.remove();
    for (const control of this.desk.place.querySelectorAll("[data-faulty]")) this.clear(control);
    const waiting = this.problems.filter((problem) => this.pending(problem));
    const rank = ({ severity }) => Object.keys(WORDS).indexOf(severity);
    const open = this.problems.filter((problem) => !waiting.includes(problem)).sort((a, b) => rank(a) - rank(b));
    open.forEach((problem, number) => this.beside(problem, number));
    this.list.replaceChildren(...open.map((problem) => this.line(problem)));
    this.waiting.hidden = !waiting.length;
    this.waiting.firstChild.textContent = `还没有填的 ${waiting.length} 处`;
    this.waiting.lastChild.replaceChildren(...waiting.map((problem) => this.line(problem)));
    this.summary(open, waiting);
  }

  clear(control) {
    delete control.dataset.faulty;
    control.removeAttribute("aria-invalid");
    if (control.dataset.hint) control.setAttribute("aria-describedby", control.dataset.hint);
    else control.removeAttribute("aria-describedby");
  }

  beside({ key, severity, message, hint }, number) {
    const control = key && this.control(key);
    const holder = control?.closest("[data-holder]");
    if (!holder) return;
    const id = `fill-finding-${number}`;
    holder.append(element("p", { id, className: `fill-finding ${severity}` }, element("b", {}, `${WORDS[severity]}：`), message, hint && element("span", {}, ` ${hint}`)));
    const before = control.getAttribute("aria-describedby");
    control.setAttribute("aria-describedby", before ? `${before} ${id}` : id);
    control.dataset.faulty = severity;
    if (severity === "error") control.setAttribute("aria-invalid", "true");
  }

  line(problem) {
    const { key, severity, code, message, hint } = problem;
    const where = this.where(key);
    const go = element("button", { type: "button", className: "fill-goto", onclick: () => goTo(this.target(key)) }, element("b", { className: severity }, WORDS[severity]), where && element("span", { className: "kind" }, where), message);
    const waive = /^[A-Z]\d\d$/u.test(code) && this.desk.rules.has(code) && button("写豁免", () => this.desk.waive(this.waiver(problem)), { title: "批复原文就是这样、不能改时，写明理由" });
    return element("li", {}, go, hint && element("p", { className: "fill-hint" }, hint), waive);
  }

  where(key) {
    const [first, second, third] = key.split("/");
    const { state } = this.desk;
    if (first !== INDICATORS) return state.lists[first] && second ? `${first}第 ${state.lists[first].indexOf(Number(second)) + 1} 条` : (second ?? first);
    const row = state.rows.find(({ id }) => id === Number(second));
    if (!row) return third ?? first;
    return `${row.level2}：${state.texts[`${INDICATORS}/${row.id}/三级指标`] || "（没有名称）"}`;
  }

  // What a waiver needs to mean just this finding
  waiver({ key, code }) {
    const [first, second] = key.split("/");
    const { state } = this.desk;
    if (first === INDICATORS) {
      const name = state.texts[`${first}/${second}/三级指标`];
      return name ? { 规则: code, 指标: name } : { 规则: code };
    }
    if (first === "年度总体目标" && second) return { 规则: code, 目标: String(state.lists[first].indexOf(Number(second)) + 1) };
    return first ? { 规则: code, 栏目: second ?? first } : { 规则: code };
  }

  summary(open, waiting) {
    const parts = Object.keys(WORDS).map((severity) => [open.filter((one) => one.severity === severity).length, WORDS[severity]]);
    const found = parts.filter(([number]) => number).map(([number, word]) => `${number} 个${word}`);
    if (waiting.length) found.push(`${waiting.length} 处还没有填`);
    if (!found.length) found.push("没有发现问题");
    const words = `${found.join("，")}${this.waived ? `；豁免 ${this.waived} 处` : ""}。`;
    this.count.textContent = words;
    this.node.dataset.state = open.some(({ severity }) => severity === "error") ? "error" : "done";
    this.desk.onCount(words);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.told !== words) this.desk.tell((this.told = words));
    }, QUIET);
  }
}
