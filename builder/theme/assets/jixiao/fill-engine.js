// The engine of 填报: the builder in a worker. Every method gives a Promise of what builder/filling.py answers.
// Errors carry a sentence for the user; `name` tells them apart: Unavailable (it does not start), Crashed (it
// stopped, and may be started again), Refused (a request cannot be done), Broken (a fault of the program), Superseded.

const FOLDER = "fill/engine/";

export class Engine {
  #folder;
  #worker = null;
  #started = null; // the promise of the start, while it lasts or has succeeded
  #onProgress = null;
  #opened = null; // how to end the start: { resolve, reject }
  #waiting = []; // requests not yet with the worker, oldest first
  #asked = null; // the one that is
  #number = 0;

  // Called with the error when the engine has stopped by itself.
  oncrash = null;

  // root: the address of the site's root, relative to the page or absolute.
  constructor(root) {
    this.#folder = new URL(FOLDER, new URL(root, document.baseURI)).href;
  }

  get ready() {
    return this.#started !== null && this.#opened === null;
  }

  // onProgress({ loaded, total }), in bytes. Starting again gives the same promise; after a failure it tries anew.
  start(onProgress) {
    if (onProgress) this.#onProgress = onProgress;
    this.#started ??= new Promise((resolve, reject) => {
      this.#opened = { resolve, reject };
      try {
        this.#open();
      } catch {
        this.#end("Unavailable", "浏览器太旧，不能运行检查程序。");
      }
    });
    return this.#started;
  }

  read(text) {
    return this.#ask("read", [text]);
  }

  // beside: other files of the department by path; a check that still waits is superseded by a newer one.
  check(text, name, beside = {}) {
    const old = this.#waiting.findIndex((request) => request.kind === "check");
    if (old >= 0) this.#waiting.splice(old, 1)[0].reject(failure("Superseded", "已有更新的检查。"));
    return this.#ask("check", [text, name, beside]);
  }

  // original: the text of the file before, or null for a new one.
  write(original, data) {
    return this.#ask("write", [original, data]);
  }

  preview(text, name) {
    return this.#ask("preview", [text, name]);
  }

  // Ends the worker; what was asked is rejected.
  stop() {
    this.#end("Crashed", "检查程序已停止。");
  }

  #open() {
    this.#worker = new Worker(new URL("fill-worker.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#crash("检查程序意外停止了。");
    };
    this.#worker.postMessage({ start: this.#folder });
  }

  #hear(said) {
    if (said.crashed) this.#crash(said.crashed);
    else if (said.ready) {
      this.#opened.resolve();
      this.#opened = null;
      this.#next();
    } else if ("total" in said) this.#onProgress?.({ loaded: said.loaded, total: said.total });
    else if (said.id === this.#asked?.id) this.#take(said);
  }

  #take(said) {
    const { resolve, reject } = this.#asked;
    this.#asked = null;
    if (said.broken) reject(failure("Broken", `检查程序内部出错：${said.broken}`));
    else {
      const told = JSON.parse(said.answer);
      if ("error" in told) reject(failure("Refused", told.error));
      else resolve(told.answer);
    }
    this.#next();
  }

  #ask(kind, words) {
    if (!this.#started) return Promise.reject(failure("Unavailable", "检查程序还没有启动。"));
    return new Promise((resolve, reject) => {
      this.#number += 1;
      this.#waiting.push({ id: this.#number, kind, words, resolve, reject });
      this.#next();
    });
  }

  #next() {
    if (!this.ready || this.#asked || !this.#waiting.length) return;
    this.#asked = this.#waiting.shift();
    const { id, kind, words } = this.#asked;
    this.#worker.postMessage({ id, request: JSON.stringify({ ask: kind, with: words }) });
  }

  #crash(message) {
    const error = this.#end(this.#opened ? "Unavailable" : "Crashed", message);
    if (error.name === "Crashed") this.oncrash?.(error);
  }

  #end(name, message) {
    const error = failure(name, message);
    this.#worker?.terminate();
    const left = [this.#opened, this.#asked, ...this.#waiting];
    this.#worker = this.#started = this.#opened = this.#asked = null;
    this.#waiting = [];
    for (const one of left) one?.reject(error);
    return error;
  }
}

function failure(name, message) {
  return Object.assign(new Error(message), { name });
}
