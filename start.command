#!/bin/sh
# Double-click on macOS: installs what is missing the first time, then opens the app in the browser.
cd "$(dirname "$0")" || exit 1

stop() {
    printf '\n%s\n%s\n' "$1" "$2"
    read -r _
    exit 1
}

if [ ! -e .venv/ready ]; then
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop \
        "Il faut Python 3.11 ou plus récent : https://www.python.org/downloads/" \
        "Python 3.11 or later is needed: https://www.python.org/downloads/"
    python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt || stop \
        "L’installation n’est pas allée au bout (voir ci-dessus) ; relancez ce fichier." \
        "The installation did not finish (see above); open this file again."
    .venv/bin/python -m cxaudit.ui.shipped
    touch .venv/ready
fi
exec .venv/bin/python -m streamlit run app.py
