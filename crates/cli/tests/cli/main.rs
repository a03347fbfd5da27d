//! The program as a person or a script meets it: its arguments, its words, its exit codes, what it leaves on the disk.

mod bad_input;
mod killed;
mod place;
mod whole_path;
mod written_pages;
