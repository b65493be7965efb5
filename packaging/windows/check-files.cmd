@chcp 65001 >nul
@echo off
rem Checks the files, and keeps the window open to be read.
"%~dp0budgetgen.exe" check %*
pause
