#!/usr/bin/env bash
# 检查合并请求里的绩效目标，给 Gitee 的流水线或 Jenkins 用，说明见“指南 → 自动检查”。
#
# 在取好代码的文件夹里运行，要有 git、全部历史、Python 3.11 以上。它运行合并请求里的代码，不要给它任何令牌；
# 写评论的是 comment.sh，放在另一步。留下 comment.md、check.md 和 preview/，请收作产物。
#
# 变量：
#   JIXIAO_BASE      要合并到的分支或提交，默认 origin/main
#   JIXIAO_FAIL_ON   有这些变化也算不通过，用逗号隔开，例如 target-weaker,problem-new
#   JIXIAO_PACKAGE   仓库里没有 requirements.lock 时从哪里安装
#   PIP_INDEX_URL    软件包镜像的地址
set -euo pipefail

if [ -n "${GITEE_TOKEN:-}" ]; then
  echo "请不要把 GITEE_TOKEN 给运行合并请求代码的这一步，只给 comment.sh。" >&2
  exit 2
fi

if [ -z "${PIP_INDEX_URL:-}" ]; then unset PIP_INDEX_URL; fi
if command -v jixiao; then
  jixiao --version
else
  python3 -m venv .venv
  PATH="$PWD/.venv/bin:$PATH"
  if [ -f requirements.lock ]; then
    python3 -m pip install --require-hashes --requirement requirements.lock
    python3 -m pip install --no-deps --no-build-isolation --editable .
  else
    python3 -m pip install "${JIXIAO_PACKAGE:?请写明从哪里安装}"
  fi
fi

rm -rf comment.md check.md preview
base=$(git merge-base HEAD "${JIXIAO_BASE:-origin/main}")

# 日志里逐条列出，文件和行号在前；check.md 是同一份的摘要。
status=0
jixiao check --format markdown --output check.md || status=$?
if [ "$status" -gt 1 ]; then exit "$status"; fi

jixiao diff "$base" HEAD --format markdown > comment.md
gate=0
if [ -n "${JIXIAO_FAIL_ON:-}" ]; then
  jixiao diff "$base" HEAD --fail-on "$JIXIAO_FAIL_ON" || gate=$?
fi

if [ "$status" = 0 ]; then jixiao build --site-dir preview; fi

if [ "$status" != 0 ]; then echo "数据有错误，不能合并。" >&2; fi
if [ "$gate" != 0 ]; then echo "有 JIXIAO_FAIL_ON 点名的变化：$JIXIAO_FAIL_ON" >&2; fi
[ "$status" = 0 ] && [ "$gate" = 0 ]
