//! The container files say what the program needs and nothing else.
