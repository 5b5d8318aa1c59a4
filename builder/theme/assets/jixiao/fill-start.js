// How one begins: a draft, a new form, a published project, a file, a pasted text.

import { button, element } from "./fill-dom.js";
import { all, remove } from "./fill-drafts.js";
import { open, search, text } from "./search.js";

const FOUND = 12; // projects offered for one question
const WAIT = 200; // ms of rest in typing

const when = (time) => new Date(time).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" });

export class Start {
  constructor(desk) {
    this.desk = desk;
    this.message = element("p", { className: "notice", role: "alert", hidden: true });
    this.drafts = element("section", { "aria-labelledby": "fill-drafts", hidden: true });
    this.node = element(
      "div",
      { className: "fill-start" },
      this.message,
      this.drafts,
      element("div", { className: "fill-ways" }, this.newForm(), this.published(), this.file(), this.pasted()),
    );
    this.node.addEventListener("dragover", (event) => event.preventDefault());
    this.node.addEventListener("drop", (event) => {
      event.preventDefault();
      this.read(event.dataTransfer.files[0]);
    });
  }

  say(words) {
    this.message.hidden = !words;
    this.message.textContent = words;
  }

  show() {
    const drafts = all();
    this.drafts.hidden = !drafts.length;
    this.drafts.replaceChildren(element("h2", { id: "fill-drafts" }, "没有交的草稿"), element("ul", {}, ...drafts.map((draft) => this.draft(draft))));
    return drafts;
  }

  draft(draft) {
    const said = element("span", { className: "kind" }, [draft.path, when(draft.saved), draft.handed].filter(Boolean).join(" · "));
    const name = element("span", { className: "fill-draft-name" }, draft.title || "（没有项目名称）", said);
    const gone = () => {
      remove(draft.id);
      this.show();
      (this.drafts.hidden ? this.node.querySelector(".fill-ways button") : this.drafts.querySelector("button")).focus();
    };
    return element("li", {}, name, button("接着填", () => this.desk.resume(draft), { className: "primary", "aria-label": `接着填：${draft.title}` }), button("删去", gone, { "aria-label": `删去草稿：${draft.title}` }));
  }

  newForm() {
    const { forms } = this.desk.told;
    const choices = forms.map((form, at) => {
      const radio = element("input", { type: "radio", name: "form", value: form.id, checked: at === 0 });
      return element("label", {}, radio, element("span", {}, form.name, element("span", { className: "kind" }, form.description)));
    });
    const chosen = () => this.desk.begin(forms.find(({ id }) => id === this.node.querySelector("[name=form]:checked").value));
    const set = element("fieldset", {}, element("legend", {}, "表样"), ...choices);
    return way("新填一张表", "fill-new", set, button("开始填", chosen, { className: "primary" }));
  }

  published() {
    const box = element("input", { type: "search", id: "fill-find", autocomplete: "off", enterKeyHint: "search" });
    const list = element("ul", { className: "fill-found" });
    let timer;
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.find(box.value, list), WAIT);
    });
    box.addEventListener("focus", () => list.childElementCount || this.find(box.value, list));
    return way("打开已经公开的表", "fill-published", element("label", { htmlFor: "fill-find" }, "项目名称、单位或指标里的文字"), box, list);
  }

  async find(question, list) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      this.index ??= open(`${this.desk.root}search/data/`);
      const segments = await this.index;
      const { hits } = await search(segments, question, new Map());
      const projects = hits.filter(({ segment }) => segments[segment].year !== null);
      const found = await Promise.all(projects.slice(0, FOUND).map((hit) => text(segments, hit)));
      if (turn !== this.turn) return;
      const more = projects.length - found.length;
      list.replaceChildren(...found.map((project) => this.offered(project)), ...(more > 0 ? [element("li", { className: "kind" }, `还有 ${more} 个，请再写几个字`)] : []));
      if (!found.length) list.replaceChildren(element("li", {}, "没有找到。可以换短一些的词。"));
    } catch {
      this.index = undefined;
      list.replaceChildren(element("li", {}, "项目的清单没有取到，请稍后再试。"));
    }
  }

  offered({ address, title, year, department }) {
    const project = decodeURIComponent(address).replace(/\/$/u, "");
    return element(
      "li",
      {},
      element("span", { className: "fill-draft-name" }, title, element("span", { className: "kind" }, `${year} 年度 · ${department}`)),
      button("修改", () => this.desk.openProject(project), { className: "primary", "aria-label": `修改：${title}，${year} 年度` }),
      button("照着填下一年", () => this.desk.openProject(project, { copied: true }), { "aria-label": `照着填下一年：${title}` }),
    );
  }

  file() {
    const picker = element("input", { type: "file", id: "fill-file", accept: ".yml,.yaml,.json,application/yaml,text/plain" });
    picker.addEventListener("change", () => {
      this.read(picker.files[0]);
      picker.value = "";
    });
    return way("打开电脑上的文件", "fill-disk", element("label", { htmlFor: "fill-file" }, "选一个 .yml 文件（或草稿文件），也可以拖到这一页上"), picker);
  }

  async read(file) {
    if (!file) return;
    this.say("");
    try {
      await this.desk.openText(await file.text(), { name: file.name });
    } catch (error) {
      this.say(`“${file.name}”打不开：${error.message}`);
    }
  }

  pasted() {
    const box = element("textarea", { id: "fill-yaml", rows: 4, spellcheck: false });
    const done = async () => {
      this.say("");
      try {
        await this.desk.openText(box.value, {});
        box.value = "";
      } catch (error) {
        this.say(`粘贴的内容打不开：${error.message}`);
      }
    };
    return way("粘贴文件的内容", "fill-text", element("label", { htmlFor: "fill-yaml" }, "从代码托管平台或记事本里复制的 YAML 全文"), box, button("打开", done));
  }
}

const way = (title, id, ...children) => element("section", { "aria-labelledby": id }, element("h2", { id }, title), ...children);
