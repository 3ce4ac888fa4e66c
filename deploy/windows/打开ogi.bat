@echo off
rem Start the desk of ogi for the folder of this file, and open it in the browser.
chcp 65001 >nul
title ogi
cd /d "%~dp0"
set "OGI=%~dp0.venv\Scripts\ogi.exe"
if not exist "%OGI%" set "OGI=%LOCALAPPDATA%\ogi\venv\Scripts\ogi.exe"
if not exist "%OGI%" (
  powershell.exe -NoProfile -ExecutionPolicy Bypass -File "%~dp0check.ps1" -Missing
  pause
  exit /b 3
)
"%OGI%" desk %*
if errorlevel 1 pause
