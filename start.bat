@echo off
rem Double-click on Windows: installs what is missing the first time, then opens the app in the browser.
chcp 65001 >nul
cd /d "%~dp0"
if exist .venv\ready goto run

set PYTHON=py -3
py -3 --version >nul 2>&1 || set PYTHON=python
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" || goto version
%PYTHON% -m venv .venv || goto unfinished
.venv\Scripts\python.exe -m pip install -r requirements.txt || goto unfinished
.venv\Scripts\python.exe -m cxaudit.ui.shipped
echo. > .venv\ready

:run
.venv\Scripts\python.exe -m streamlit run app.py || pause
exit /b

:version
echo Il faut Python 3.11 ou plus récent : https://www.python.org/downloads/
echo Python 3.11 or later is needed: https://www.python.org/downloads/
pause
exit /b 1

:unfinished
echo L’installation n’est pas allée au bout (voir ci-dessus) ; relancez ce fichier.
echo The installation did not finish (see above); open this file again.
pause
exit /b 1
