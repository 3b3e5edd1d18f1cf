//! A program that looks for credentials wherever it runs: in its build script, in a macro, and when it declares.

use super::{repository, texts, tool};
use std::{
    fs,
    io::Write,
    net::TcpListener,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The beginning of every credential here; what a probe finds is printed with it.
const CANARY: &str = "canary-";

/// Rust that collects every canary it can see: in variables, in files of the real home, in `/proc`, and on a port of this
/// machine, as the metadata service of an instance or a container has it.
fn probe(home: &Path, port: u16) -> String {
    let home = home.display();
    format!(
        r#"
pub fn probe() -> String {{
    use std::io::Read;
    let mut seen = String::new();
    for (name, value) in std::env::vars_os() {{
        seen += &format!("{{name:?}}={{value:?}}\n");
    }}
    for file in ["{home}/.aws/credentials", "{home}/.config/gh/hosts.yml", "{home}/cargo/credentials.toml"] {{
        seen += &std::fs::read_to_string(file).unwrap_or_default();
    }}
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {{
        let bytes = std::fs::read(process.path().join("environ")).unwrap_or_default();
        seen += &String::from_utf8_lossy(&bytes);
    }}
    if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", {port})) {{
        let _ = stream.read_to_string(&mut seen);
    }}
    let found = seen.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| w.starts_with("canary-"));
    found.map(|w| format!("found {{w}} ")).collect()
}}
"#
    )
}

/// A stack whose every part probes and tells what it found.
fn write(folder: &Path, home: &Path, port: u16) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).unwrap();
        fs::write(path, text).unwrap();
    };
    let probe = probe(home, port);
    let language = repository().join("stack/language");
    let language = language.to_str().unwrap();
    write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"hostile\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             tenon = {{ package = \"tenon-language\", path = {language:?} }}\nlooks = {{ path = \"looks\" }}\n\n\
             [profile.dev]\ndebug = 0\n\n[workspace]\n"
        ),
    );
    write(
        "looks/Cargo.toml",
        "[package]\nname = \"looks\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\nproc-macro = true\n",
    );
    let expands = "#[proc_macro]\npub fn looks(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n    \
                   format!(\"{:?}\", probe()).parse().unwrap()\n}\n";
    write(
        "looks/src/lib.rs",
        &format!("{}\n{expands}", probe.replace("pub fn", "fn")),
    );
    write(
        "build.rs",
        &format!(
            "{probe}\nfn main() {{\n    println!(\"cargo:warning=built {{}}\", probe());\n    \
             println!(\"cargo:rustc-env=BUILT={{}}\", probe());\n}}\n"
        ),
    );
    write(
        "src/main.rs",
        &format!(
            "use tenon::prelude::*;\n{probe}\nfn main() -> ExitCode {{\n    \
             let found = format!(\"run {{}} macro {{}} built {{}}\", probe(), looks::looks!(), env!(\"BUILT\"));\n    \
             println!(\"{{found}}\");\n    tenon::run(\"hostile\", move |s: &mut Scope<Anywhere>| s.output(\"found\", &found))\n}}\n"
        ),
    );
}

/// A server that hands a canary to whoever connects; returns its port, and how many have.
fn server() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(b"canary-socket");
        }
    });
    (port, count)
}

fn with_credentials(command: &mut Command, home: &Path) {
    let real = std::env::var_os("HOME").unwrap_or_default();
    let real = Path::new(&real);
    let folder =
        |variable: &str, name: &str| std::env::var_os(variable).unwrap_or_else(|| real.join(name).into());
    command
        .env("CARGO_HOME", folder("CARGO_HOME", ".cargo"))
        .env("RUSTUP_HOME", folder("RUSTUP_HOME", ".rustup"))
        .env("HOME", home)
        .env("AWS_SECRET_ACCESS_KEY", "canary-variable")
        .env("CARGO_REGISTRY_TOKEN", "canary-registry")
        .env("GITHUB_TOKEN", "canary-github")
        .env("PGPASSWORD", "canary-database");
}

#[test]
fn a_hostile_program_sees_no_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let (stack, home) = (folder.path().join("stack"), folder.path().join("home"));
    for file in [
        ".aws/credentials",
        ".config/gh/hosts.yml",
        "cargo/credentials.toml",
    ] {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "secret = canary-file").unwrap();
    }
    let (port, connections) = server();
    write(&stack, &home, port);

    let mut command = tool(&stack);
    with_credentials(&mut command, &home);
    let output = command.args(["--env", "local", "declare"]).output().unwrap();
    let (out, err) = texts(&output);
    assert!(output.status.success(), "{err}");
    assert!(
        out.contains("run  macro  built"),
        "the program ran and was built: {out}"
    );
    assert!(!out.contains(CANARY) && !err.contains(CANARY), "{out}{err}");
    assert_eq!(connections.load(Ordering::SeqCst), 0);

    // The same program, started by hand: it does find what there is to find.
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates/debug/hostile");
    let mut command = Command::new(program);
    with_credentials(&mut command, &home);
    let answer = folder.path().join("answer");
    let output = command.args(["@tenon", "describe"]).arg(answer).output().unwrap();
    let (out, err) = texts(&output);
    assert!(output.status.success(), "{err}");
    for canary in ["canary-variable", "canary-file", "canary-socket"] {
        assert!(out.contains(canary), "the probe itself finds no {canary}: {out}");
    }
}
