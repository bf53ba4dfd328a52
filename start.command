#!/bin/sh
# Double-click on macOS: installs what is missing the first time, then opens the app in the browser.
cd "$(dirname "$0")" || exit 1
if [ ! -x .venv/bin/python ]; then
    python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt || {
        echo "Python 3.11 or later is needed: https://www.python.org/downloads/"
        read -r _
        exit 1
    }
fi
exec .venv/bin/python -m streamlit run app.py
