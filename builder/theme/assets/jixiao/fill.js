// 填报: one record at a time, from a new form, a published project, a file or a draft, to a file or a pull request.
// Everything stays in this browser.

import { arrange, button, element, goTo, put, say } from "./fill-dom.js";
import { Checks } from "./fill-checks.js";
import { keep, newId, read, remove } from "./fill-drafts.js";
import { nameRules, onEnter, sections, unfold } from "./fill-fields.js";
import { Grid } from "./fill-grid.js";
import { Judge } from "./fill-judge.js";
import { Out, save, stem } from "./fill-out.js";
import { FORM, History, addItem, blank, fromData, toData } from "./fill-record.js";
import { Start } from "./fill-start.js";

const YEAR = "年度";
const CODE = "部门代码";
const NAME = "项目名称";
const WAIVERS = "豁免";
const NOT_COPIED = ["序号", "曾用路径", "调整记录", WAIVERS]; // what belongs to one year only
const DRAFT_REST = 500; // ms without a change before the draft is kept
const NEIGHBOURS = 60; // files of a department that are judged together; more take too long

const root = document.getElementById("fill");

class Desk {
  constructor(told) {
    this.told = told;
    this.root = root.dataset.root;
    this.rules = new Map(told.rules);
    this.judge = new Judge(this.root, (words, state) => this.status(words, state));
    this.start = new Start(this);
    this.editor = element("div", { className: "fill-editor", hidden: true });
    root.replaceChildren(this.start.node, this.editor, element("p", { id: "fill-said", className: "visually-hidden", role: "status" }));
    addEventListener("beforeunload", (event) => this.trouble && this.history?.changed && event.preventDefault());
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    document.addEventListener("keydown", (event) => this.shortcut(event));
  }

  get state() {
    return this.history.state;
  }

  // Beginning

  async first() {
    const asked = new URLSearchParams(location.search);
    const project = asked.get("project");
    const drafts = this.start.show();
    root.dataset.state = "done";
    if (!project) return;
    if (drafts.some((draft) => draft.project === project)) this.start.say("这个项目有没交的草稿，在下面。要从已公开的内容重新改，请先删去草稿，再刷新本页。");
    else await this.openProject(project);
  }

  begin(form) {
    this.edit({ id: newId(), state: blank(form), original: null }, { fresh: true });
  }

  resume(draft) {
    this.edit(draft, { fresh: draft.original === null });
    this.tell("草稿已经打开");
  }

  async openProject(project, { copied = false } = {}) {
    this.start.say("");
    try {
      const [year, code, own] = project.split("/");
      if (!own || project.split("/").some((part) => /^\.*$/u.test(part))) throw new Error("网址写得不对，应是“年度/部门代码/项目”。");
      this.start.say("正在打开，第一次要先载入检查程序，请稍等……");
      const way = [year, code, own].map(encodeURIComponent).join("/");
      const response = await fetch(`${this.root}${way}/${encodeURIComponent(own)}.yml`);
      if (!response.ok) throw new Error("没有找到这个项目，请核对网址，或在下面查找。");
      await this.openText(await response.text(), { path: `${this.told.folder}/${project}.yml`, project, copied });
      this.start.say("");
    } catch (error) {
      this.start.say(`“${project}”打不开：${error.message}`);
    }
  }

  // A text, as YAML or as a draft that was saved as a file
  async openText(text, { name = "", path, project, copied }) {
    const draft = text.trimStart().startsWith("{") ? read(text) : undefined;
    if (draft) return this.resume({ ...draft, id: newId() });
    const { data, problems } = await this.judge.read(text);
    if (!data || problems.some(({ severity }) => severity === "error")) throw new Error(problems.map(({ line, message, hint }) => `第 ${line} 行 ${message}。${hint ?? ""}`).join("；") || "里面没有内容。");
    const form = this.told.forms.find(({ id }) => id === data[FORM]);
    if (!form) throw new Error(`“${FORM}”要写 ${this.told.forms.map(({ id }) => id).join(" 或 ")}。`);
    const own = path ? path.slice(path.lastIndexOf("/") + 1, -4) : name.replace(/\.(?:ya?ml|txt)$/iu, "");
    if (copied) return this.edit({ id: newId(), state: fromData(nextYear(data), form), original: null, stem: own, fixed: true }, {});
    return this.edit({ id: newId(), state: fromData(data, form), original: text, stem: own, path, project, fixed: Boolean(path) }, {});
  }

  // The editor of one record

  edit(record, { fresh = false }) {
    this.record = record;
    this.form = this.told.forms.find(({ id }) => id === record.state.form);
    this.history = new History(record.state, this.form, (at, back) => this.changed(at, back));
    this.text = undefined;
    this.beside = {};
    this.build();
    this.checks.reset(fresh);
    this.start.node.hidden = true;
    this.editor.hidden = false;
    this.redraw();
    this.judge.start().then(() => this.changed(), () => {});
    this.neighbours();
    scrollTo(0, 0);
    this.title.focus();
  }

  build() {
    this.place = element("div", { className: "fill-form" });
    this.checks = new Checks(this);
    this.out = new Out(this);
    this.parts = sections(this.form, this, new Grid(this.form, this));
    this.strange = element("section", { className: "notice", hidden: true });
    this.place.append(this.strange, ...this.parts.map(({ node }) => node), this.preview(), this.out.node);
    this.editor.replaceChildren(this.bar(), element("div", { className: "fill-body" }, this.place, this.checks.node));
    this.place.addEventListener("input", (event) => this.typed(event.target));
    this.place.addEventListener("change", (event) => this.settled(event.target));
    this.place.addEventListener("focusout", (event) => {
      this.checks.visit(event);
      this.judgeSoon();
    });
    this.place.addEventListener("keydown", (event) => onEnter(event, this.place));
    this.place.querySelector(`[data-key="${NAME}"]`)?.addEventListener("input", () => this.showName());
  }

  bar() {
    this.title = element("h2", { tabIndex: -1, className: "fill-title" });
    this.back = button("撤销", () => this.history.undo(), { title: "Ctrl+Z" });
    this.forth = button("重做", () => this.history.redo(), { title: "Ctrl+Y" });
    this.counted = element("a", { href: "#fill-checks", className: "fill-counted" }, "检查");
    this.kept = element("span", { className: "kind" });
    this.engine = element("p", { className: "fill-engine", role: "status" });
    const links = this.parts.filter(({ id }) => id).map(({ id, title }) => element("a", { href: `#${id}` }, title));
    const jump = element("nav", { "aria-label": "本表各部分" }, ...links, element("a", { href: "#fill-out" }, "交出去"));
    const close = button("回到开始", () => this.close());
    return element("div", { className: "fill-bar" }, element("div", { className: "fill-bar-top" }, this.title, element("span", { className: "fill-tools" }, this.back, this.forth, close)), element("div", { className: "fill-bar-top" }, jump, this.counted, this.kept), this.engine);
  }

  preview() {
    this.paper = element("div", { className: "fill-paper" });
    const details = element("details", { className: "more fill-preview" }, element("summary", {}, "预览：公开时的样子"), this.paper);
    details.addEventListener("toggle", () => details.open && this.changed());
    this.previewing = details;
    return details;
  }

  close() {
    this.keep();
    this.judge.stop();
    this.history = undefined;
    this.editor.hidden = true;
    this.start.node.hidden = false;
    history.replaceState(null, "", "./");
    this.start.say("");
    this.start.show();
    this.start.node.querySelector("button").focus();
  }

  redraw() {
    const { state } = this;
    for (const part of this.parts) part.arrange?.(state);
    for (const control of this.place.querySelectorAll("[data-key]")) if ("value" in control && control.tagName !== "BUTTON") put(control, state.texts[control.dataset.key] ?? "");
    nameRules(this.place, this.rules);
    unfold(this.place);
    this.showName();
    this.showStrange();
    this.back.disabled = !this.history.past.length;
    this.forth.disabled = !this.history.future.length;
  }

  showName() {
    const name = this.state.texts[NAME]?.trim();
    this.title.textContent = name || "（还没有项目名称）";
    this.out.showName({ folder: this.folder, stem: this.stem, fixed: Boolean(this.record.fixed) });
  }

  // What the file has and the form does not
  showStrange() {
    const keys = Object.entries(this.state.more).flatMap(([where, more]) => Object.keys(more).map((key) => [where, key]));
    this.strange.hidden = !keys.length;
    const gone = ([where, key]) => () => this.change("", (state) => delete state.more[where][key]);
    this.strange.replaceChildren("文件里有表样没有的栏目：", ...keys.map((one) => element("span", {}, `${one[1]} `, button("删去", gone(one), { "aria-label": `删去 ${one[1]}` }), " ")));
  }

  // Where the file goes

  get path() {
    return this.record.path ?? `${this.folder}/${this.stem || "未命名"}.yml`;
  }

  // The path for the check: what is not known yet is no fault of the place
  get checkedPath() {
    const { path } = this.record;
    const text = (key) => this.state.texts[key]?.trim() ?? "";
    const year = /^\d{4}$/u.test(text(YEAR)) ? text(YEAR) : "2000";
    const code = /^\d{3,21}$/u.test(text(CODE)) ? text(CODE) : "000";
    return path ?? `${this.told.folder}/${year}/${code}/${this.stem || "未命名"}.yml`;
  }

  get folder() {
    const { path } = this.record;
    const text = (key) => this.state.texts[key]?.trim() || key;
    return path ? path.slice(0, path.lastIndexOf("/")) : `${this.told.folder}/${text(YEAR)}/${text(CODE)}`;
  }

  get stem() {
    return this.record.stem ?? stem(this.state.texts[NAME] ?? "");
  }

  get original() {
    return this.record.original;
  }

  get host() {
    return this.original === null ? this.told.new_url : this.told.edit_url;
  }

  rename(text) {
    this.record.stem = stem(text) || undefined;
    this.judgeSoon();
    this.keepSoon();
  }

  // Changing

  change(at, edit) {
    return this.history.change(at, edit);
  }

  typed(control) {
    const { key } = control.dataset;
    if (!key) return;
    this.history.change(key, (state) => {
      state.texts[key] = control.dataset.kind === "texts" ? control.value : control.value.replace(/[\r\n]+/gu, " ");
    }, { typing: true });
  }

  // White space around a text that was typed is nobody's intent
  settled(control) {
    const { key } = control.dataset;
    const text = control.value?.trim();
    if (!key || text === control.value || control.dataset.kind === "texts") return;
    this.history.change(key, (state) => {
      state.texts[key] = text;
    }, { typing: true });
  }

  changed(at, back) {
    if (at !== undefined) this.keepSoon();
    if (this.history) this.redraw();
    if (back) this.focus(at);
    this.judgeSoon();
  }

  focus(key) {
    const control = this.checks.control(key) ?? this.checks.target(key ?? "");
    if (control) goTo(control);
  }

  waive(texts) {
    const id = this.change(WAIVERS, (state) => {
      const made = addItem(state, WAIVERS);
      for (const [key, text] of Object.entries(texts)) state.texts[`${WAIVERS}/${made}/${key}`] = text;
      return made;
    });
    this.focus(`${WAIVERS}/${id}/${texts.规则 ? "理由" : "规则"}`);
  }

  shortcut(event) {
    if (!this.history || event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const back = key === "z" && !event.shiftKey;
    if (!back && key !== "y" && !(key === "z" && event.shiftKey)) return;
    if (event.target.matches?.("input, textarea") && !event.target.dataset.key) return;
    event.preventDefault();
    if (!(back ? this.history.undo() : this.history.redo())) say(back ? "没有可以撤销的了" : "没有可以重做的了");
  }

  // Judging

  judgeSoon() {
    if (!this.history) return;
    const asked = this.history;
    this.judge.later(() => this.question(), (answer) => asked === this.history && this.answered(answer));
  }

  question() {
    const { data, places } = toData(this.state, this.form);
    this.places = places;
    return { original: this.original, data, name: this.checkedPath, beside: this.beside, preview: this.previewing.open };
  }

  latest() {
    return this.judge.write(this.original, toData(this.state, this.form).data);
  }

  answered({ text, found, html }) {
    this.text = text;
    this.checks.show(found, this.places);
    this.out.show(text, this.original);
    if (html !== undefined) this.paper.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    root.dataset.checked = String(Number(root.dataset.checked ?? 0) + 1);
  }

  status(words, state) {
    if (!this.engine) return;
    this.engine.dataset.state = state;
    if (state !== "failed") this.engine.replaceChildren(state === "ready" ? "" : `${words}。现在就可以填，草稿照常保存。`);
    else this.engine.replaceChildren(`${words} 表可以接着填，草稿会保存；检查、预览、下载要等它能用。`, button("再试一次", () => this.judge.start().then(() => this.changed(), () => {})));
    if (state !== "ready") this.out.show(undefined, this.original);
  }

  whyNoText() {
    return this.judge.state === "failed" ? "检查程序没有启动，写不出文件。可以先把草稿存成文件。" : "等检查程序载入以后，这里显示要交的文件。";
  }

  onCount(words) {
    this.counted.textContent = words;
  }

  tell(words) {
    say(words);
  }

  // The other published files of the department, which some rules compare
  async neighbours() {
    const { record } = this;
    if (!record.project) return;
    const [year, code] = record.project.split("/");
    try {
      const response = await fetch(`${this.root}api/v1/departments/${year}/${encodeURIComponent(code)}.json`);
      const { of_projects: projects } = await response.json();
      const others = projects.map(({ id }) => id).filter((id) => id !== record.project);
      if (others.length > NEIGHBOURS) return;
      const texts = await Promise.all(others.map(async (id) => [`${this.told.folder}/${id}.yml`, await this.neighbour(id)]));
      if (record === this.record) this.beside = Object.fromEntries(texts);
      this.judgeSoon();
    } catch {
      this.beside = {}; // a preview has no such list; the file alone is judged
    }
  }

  async neighbour(id) {
    const response = await fetch(`${this.root}${id.split("/").map(encodeURIComponent).join("/")}/${encodeURIComponent(id.slice(id.lastIndexOf("/") + 1))}.yml`);
    if (!response.ok) throw new Error(id);
    return response.text();
  }

  // Drafts

  draft() {
    const { id, original, stem: own, path, project, fixed, handed } = this.record;
    return { id, original, stem: own, path, project, fixed, handed, saved: Date.now(), title: this.state.texts[NAME] ?? "", state: this.state };
  }

  keepSoon() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), DRAFT_REST);
  }

  keep() {
    clearTimeout(this.keeping);
    if (!this.history?.changed) return;
    this.trouble = keep(this.draft());
    const time = new Date().toLocaleTimeString("zh-CN", { timeStyle: "short" });
    this.kept.textContent = this.trouble ? `草稿没有存下：${this.trouble}。离开前请用“把草稿存成文件”。` : `草稿已存 ${time}`;
    this.kept.classList.toggle("differs", Boolean(this.trouble));
  }

  saveDraft() {
    save(`${this.stem || "未命名"}.json`, JSON.stringify(this.draft()), "application/json");
  }

  handed(words) {
    this.record.handed = words;
    this.keep();
  }
}

function nextYear(data) {
  const copy = { ...data };
  for (const key of NOT_COPIED) delete copy[key];
  const year = Number(copy[YEAR]);
  if (Number.isSafeInteger(year)) copy[YEAR] = year + 1;
  return copy;
}

async function run() {
  try {
    const response = await fetch(`${root.dataset.root}fill/forms.json`, { cache: "no-cache" });
    if (!response.ok) throw new Error(String(response.status));
    await new Desk(await response.json()).first();
  } catch (error) {
    root.replaceChildren(element("p", { className: "notice", role: "alert" }, "表样没有取到，请检查网络后刷新本页。"));
    root.dataset.state = "done";
    throw error;
  }
}

run();
