"""The program as it is called: commands, what each does from files to files, what is printed."""
