@chcp 65001 >nul
@echo off
rem An entry in the menu "Send to" of the Explorer; run again after moving the folder.
(echo @chcp 65001 ^>nul
echo @call "%~dp0check-files.cmd" %%*) > "%APPDATA%\Microsoft\Windows\SendTo\核对预算公开.cmd"
echo 已加入“发送到”菜单：在文件上点右键，选“发送到”里的“核对预算公开”。
pause
