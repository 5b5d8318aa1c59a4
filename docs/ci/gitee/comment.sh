#!/usr/bin/env bash
# 把 comment.md 写成 Gitee 合并请求里的一条评论，已经有的就更新，说明见“指南 → 自动检查”。
#
# 有令牌，所以不运行合并请求里的代码：放在另一步，用主分支上的这一份（不要用合并请求里的），
# 在只有 comment.md 的文件夹里运行。没有令牌就什么也不做。
#
# 变量：
#   GITEE_TOKEN   专用账号的私人令牌，只勾选 pull_requests 和 user_info
#   JIXIAO_REPO   仓库，例如 budget/targets
#   JIXIAO_PULL   合并请求的编号，取自流水线，不取自产物
set -euo pipefail

if [ -z "${GITEE_TOKEN:-}" ]; then
  echo "没有 GITEE_TOKEN，不写评论。"
  exit 0
fi

python3 -I - <<'END'
import json
import os
import re
import stat
import sys
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

API = os.environ.get("GITEE_API_URL", "https://gitee.com/api/v5")
TOKEN = os.environ["GITEE_TOKEN"].strip()
REPO = f"repos/{quote(os.environ['JIXIAO_REPO'])}"
PULL = int(os.environ["JIXIAO_PULL"])

MARKER = "<!-- jixiao diff -->"
LIMIT = 200_000
OWN = re.compile(r"</?(?:details|summary)>|<!-- -->")
FOREIGN = re.compile(r"[<>\[\]\x00-\x09\x0b-\x1f\x7f]|@\w|://|\bwww\.|(?<!&)#\d", re.IGNORECASE)

def checked(raw):
    """评论只能是 jixiao diff 写的样子：表格和折叠，没有链接、图片和 @。"""
    if len(raw) > LIMIT:
        sys.exit("评论太长，没有写。")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        sys.exit("评论不是 UTF-8 文字，没有写。")
    first, _, rest = text.partition("\n")
    found = FOREIGN.search(OWN.sub(" ", rest))
    if first != MARKER or found:
        sys.exit(f"评论不是 jixiao diff 写的样子，没有写：{found[0] if found else first[:40]!r}")
    return text

def note():
    """检查那一步留下的文件；它运行过合并请求里的代码，只当文字读。"""
    try:
        if not stat.S_ISREG(os.lstat("comment.md").st_mode):
            sys.exit("comment.md 不是普通文件，没有写。")
        with open("comment.md", "rb") as stream:
            return stream.read(LIMIT + 1)
    except FileNotFoundError:
        print("检查没有走到写出变化那一步，不写评论。")
        sys.exit(0)

def call(method, address, data=None):
    if data is None:
        mark = "&" if "?" in address else "?"
        request = Request(f"{API}/{address}{mark}{urlencode({'access_token': TOKEN})}", method=method)
    else:
        body = json.dumps({"access_token": TOKEN, **data}).encode()
        request = Request(f"{API}/{address}", body, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=30) as answer:
            return json.loads(answer.read(20_000_000))
    except URLError as error:
        sys.exit(f"{method} {address}：{error}")

def listed(address, most=50):
    """一页一页取完。"""
    for page in range(1, most):
        rows = call("GET", f"{address}{'&' if '?' in address else '?'}per_page=100&page={page}")
        yield from rows
        if len(rows) < 100:
            return

body = checked(note())
me = call("GET", "user")["id"]
comments = listed(f"{REPO}/pulls/{PULL}/comments")
mine = (one for one in comments if one["user"]["id"] == me and one["body"].startswith(MARKER))
if old := next(mine, None):
    call("PATCH", f"{REPO}/pulls/comments/{int(old['id'])}", {"body": body})
else:
    call("POST", f"{REPO}/pulls/{PULL}/comments", {"body": body})
END
