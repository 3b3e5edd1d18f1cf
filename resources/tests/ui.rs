//! Mistakes that do not compile, and what the compiler says about them. Write the messages anew with
//! `TRYBUILD=overwrite cargo test -p tenon-resources --test ui`.

#[test]
fn mistakes_do_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
