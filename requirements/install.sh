#!/bin/sh
# install.sh PYTHON VENV REQUIREMENTS: make the environment if need be and install the locked, hashed set.
# Safe to run again. Uses uv when it is there, otherwise venv and pip.
set -eu
python=$1 venv=$2 requirements=$3

if [ ! -x "$venv/bin/python" ]; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Python 3.11 or later is needed; $python is older. Try: make PYTHON=python3.11 …" >&2
        exit 1
    }
    "$python" -m venv "$venv"
fi

echo "正在安装运行所需的库，约一分钟 / installing what is needed, about a minute" >&2
if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$requirements"
else
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
fi
