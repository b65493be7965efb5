@chcp 65001 >nul
@echo off
rem Opens the page in the browser; the window stays open while the program runs.
"%~dp0budgetgen.exe" serve %*
if errorlevel 1 pause
