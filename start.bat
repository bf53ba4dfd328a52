@echo off
rem Double-click on Windows: installs what is missing the first time, then opens the app in the browser.
cd /d "%~dp0"
if not exist .venv\Scripts\python.exe (
    py -3 -m venv .venv || goto missing
    .venv\Scripts\python.exe -m pip install -r requirements.txt || goto missing
)
.venv\Scripts\python.exe -m streamlit run app.py
exit /b
:missing
echo Python 3.11 or later is needed: https://www.python.org/downloads/
pause
