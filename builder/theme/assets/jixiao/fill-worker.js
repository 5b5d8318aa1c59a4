// The builder itself, run by Pyodide: a request goes in as JSON text, the answer comes out as JSON text.
// Started by fill-engine.js, which says where the files of the engine stand.

const PATIENCE = 90_000; // milliseconds without a step after which a start counts as failed
const HOME = "/jixiao";
const EMPTY_MODULE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

let answer = null;

self.onmessage = ({ data }) => {
  if (data.start) start(data.start);
  else ask(data.id, data.request);
};

function ask(id, request) {
  try {
    self.postMessage({ id, answer: answer(request) });
  } catch (error) {
    console.error(error);
    // An exception of Python's leaves the engine sound, anything else does not.
    if (error.name === "PythonError") self.postMessage({ id, broken: lastLine(error.message) });
    else stop("检查程序意外停止了。");
  }
}

const lastLine = (text) => text.trim().split("\n").at(-1);

function stop(message) {
  self.postMessage({ crashed: message });
  self.close();
}

async function start(folder) {
  try {
    answer = await opened(folder);
    self.postMessage({ ready: true });
  } catch (error) {
    if (!error.forUser) console.error(error);
    stop(error.forUser ? error.message : "检查程序启动不了，请刷新页面再试。");
  }
}

function refusal(message) {
  return Object.assign(new Error(message), { forUser: true });
}

async function opened(folder) {
  await WebAssembly.compile(EMPTY_MODULE).catch(() => {
    throw refusal("网站服务器的安全设置不允许检查程序运行（Content-Security-Policy 缺少 'wasm-unsafe-eval'）。");
  });
  const contents = await listed(folder);
  const loading = new Loading(folder, contents.sizes);
  return Promise.race([desk(loading, contents), loading.failed]);
}

async function listed(folder) {
  const response = await reached(new URL("contents.json", folder), { cache: "no-cache" });
  if (response.status === 404) throw refusal("这个网站没有附带检查程序，不能当场检查；请用 jixiao check 检查。");
  if (!response.ok) throw refusal(`检查程序下载不了（${response.status}），请稍后再试。`);
  return response.json();
}

async function reached(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw refusal("检查程序下载不了：网络断开了，请连上网再试。");
  }
}

// The downloads of one start, counted.
class Loading {
  constructor(folder, sizes) {
    this.folder = folder;
    this.sizes = sizes;
    this.loaded = 0;
    this.total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
    this.count(0);
  }

  count(bytes) {
    this.loaded += bytes;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail(refusal("检查程序启动太慢，请刷新页面再试。")), PATIENCE);
    self.postMessage({ loaded: this.loaded, total: this.total });
  }

  url(name) {
    return new URL(name, this.folder).href;
  }

  async module(name) {
    const found = await import(this.url(name)).catch(() => {
      throw refusal("检查程序下载不了，请刷新页面再试。");
    });
    this.count(this.sizes[name]);
    return found;
  }

  // An inflated file as the answer to a fetch, arriving while it is inflated.
  response(name, type) {
    const { readable, writable } = new DecompressionStream("deflate");
    this.pour(name, writable.getWriter()).catch((error) => this.fail(error));
    return new Response(readable, { headers: { "Content-Type": type } });
  }

  async pour(name, writer) {
    const response = await reached(this.url(name));
    if (!response.ok) throw refusal(`检查程序下载不了（${response.status}），请稍后再试。`);
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      this.count(next.value.length);
      await writer.write(next.value);
    }
    await writer.close();
  }
}

async function desk(loading, contents) {
  const program = loading.response("jixiao.bin", "application/zip").arrayBuffer();
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    loading.module("pyodide.js"),
    loading.module("pyodide.asm.js"),
  ]);
  const pyodide = await withFiles(loading, () =>
    loadPyodide({
      indexURL: loading.folder,
      stdLibURL: loading.url("library.zip"),
      lockFileContents: contents.lock,
      createPyodideModule,
      env: { HOME, PYTHONDONTWRITEBYTECODE: "1" },
    }),
  );
  pyodide.unpackArchive(await program, "zip", { extractDir: HOME });
  pyodide.runPython(`import sys; sys.path.insert(0, "${HOME}")`);
  const opening = "from pathlib import Path; from builder.desk import open_desk; open_desk(Path.home()).answer";
  return pyodide.runPython(opening);
}

// Pyodide fetches two files by itself: it is given the inflated ones.
async function withFiles(loading, load) {
  const own = self.fetch;
  const kept = {
    [loading.url("pyodide.asm.wasm")]: () => loading.response("python.bin", "application/wasm"),
    [loading.url("library.zip")]: () => loading.response("library.bin", "application/zip"),
  };
  self.fetch = (url, options) => (kept[url] ? Promise.resolve(kept[url]()) : own(url, options));
  try {
    return await load();
  } finally {
    self.fetch = own;
  }
}
