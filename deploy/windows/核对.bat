@echo off
rem Check the reports that are dropped on this file, and open the pages. The command line of cmd.exe is passed on as it
rem is: as arguments, a file name with the character of "and" would be cut, and the rest be run as a command.
chcp 65001 >nul
title ogi
cd /d "%~dp0"
setlocal EnableDelayedExpansion
set "OGI_DROPPED=!cmdcmdline!"
powershell.exe -NoProfile -ExecutionPolicy Bypass -File ".\check.ps1"
pause
exit
