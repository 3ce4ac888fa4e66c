@echo off
rem Install ogi for this user. No administrator rights are needed.
chcp 65001 >nul
powershell.exe -NoProfile -ExecutionPolicy Bypass -File "%~dp0install.ps1" %*
pause
