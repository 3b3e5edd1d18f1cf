//! Approvals: what they approve, what refuses them, and that OpenSSH agrees.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::Timestamp;
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};
use tenon_planner::{Basis, Plan, plan::FORMAT};
use tenon_review::approval::{Approval, ApprovalError, NAMESPACE, Signers, Statement};

fn plan(serial: u64) -> Plan {
    Plan {
        format: FORMAT,
        engine: "0.1.0".into(),
        stack: "shop".into(),
        env: "prod".into(),
        account: "111111111111".into(),
        region: "eu-west-1".into(),
        endpoints: std::collections::BTreeMap::default(),
        lineage: "0".repeat(32),
        serial,
        decisions: vec![],
        calls: vec![],
        refreshed: vec![],
        outputs: std::collections::BTreeMap::default(),
        basis: Basis::default(),
        calls_digest: String::new(),
        digest: String::new(),
    }
    .with_digest()
}

fn now() -> Timestamp {
    "2026-11-28T12:00:00Z".parse().unwrap()
}

fn later() -> Timestamp {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

/// A key pair by OpenSSH itself: the private key, and the line of the public one.
fn key(folder: &Path, name: &str, kind: &[&str]) -> (String, String) {
    let path = folder.join(name);
    let made = Command::new("ssh-keygen")
        .args(["-q", "-N", "", "-C", name])
        .args(kind)
        .arg("-f")
        .arg(&path)
        .status();
    assert!(made.unwrap().success());
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    (read(&path), read(&path.with_extension("pub")))
}

const KINDS: [&[&str]; 2] = [&["-t", "ed25519"], &["-t", "ecdsa", "-b", "256"]];

fn signers(lines: &[(&str, &str)]) -> Signers {
    let lines: Vec<String> = lines
        .iter()
        .map(|(name, key)| format!("{name} namespaces=\"{NAMESPACE}\" {key}"))
        .collect();
    lines.join("").parse().unwrap()
}

#[test]
// Long: each way in which an approval can be another's, one after the other.
fn an_approval_is_of_one_plan_of_one_state_by_a_signer_until_its_end() {
    let folder = tempfile::tempdir().unwrap();
    for (n, kind) in KINDS.iter().enumerate() {
        let (ada, public) = key(folder.path(), &format!("ada{n}"), kind);
        let (eve, eves) = key(folder.path(), &format!("eve{n}"), kind);
        let list = signers(&[("ada@example.com", &public)]);
        let sign = |plan: &Plan, by: &str, key: &str| Statement::new(plan, by, later()).sign(key).unwrap();
        let approval = sign(&plan(41), "ada@example.com", &ada);
        let read = Approval::from_text(&approval.to_text().unwrap()).unwrap();
        assert_eq!(read.verify(&plan(41), &list, now()), Ok(()));

        // The same calls from a later serial, which is a replay; another account, region, stack, environment.
        let mut others = vec![plan(42)];
        let changes: [fn(&mut Plan); 5] = [
            |p| p.account = "2".into(),
            |p| p.region = "us-east-1".into(),
            |p| p.stack = "x".into(),
            |p| p.env = "dev".into(),
            |p| p.lineage = "1".repeat(32),
        ];
        for change in changes {
            let mut other = plan(41);
            change(&mut other);
            others.push(other.with_digest());
        }
        for other in &others {
            assert!(matches!(
                read.verify(other, &list, now()),
                Err(ApprovalError::Other { .. })
            ));
        }
        assert!(matches!(
            read.verify(&plan(41), &list, later()),
            Err(ApprovalError::Expired { .. })
        ));

        // Another's key under her name, another's name with his own key, a list without her, a list for other purposes.
        let not_listed = |a: &Approval, list: &Signers| {
            matches!(a.verify(&plan(41), list, now()), Err(ApprovalError::NotListed(_)))
        };
        assert!(not_listed(&sign(&plan(41), "ada@example.com", &eve), &list));
        assert!(not_listed(&sign(&plan(41), "eve@example.com", &eve), &list));
        assert!(not_listed(&approval, &signers(&[("eve@example.com", &eves)])));
        let elsewhere: Signers = format!("ada@example.com namespaces=\"git\" {public}")
            .parse()
            .unwrap();
        assert!(not_listed(&approval, &elsewhere));
        // A signature of hers of something else.
        let text = approval.to_text().unwrap();
        let other = sign(&plan(7), "ada@example.com", &ada).to_text().unwrap();
        let mixed = format!(
            "{}\n{}",
            text.split_once('\n').unwrap().0,
            other.split_once('\n').unwrap().1
        );
        let mixed = Approval::from_text(&mixed).unwrap();
        assert_eq!(
            mixed.verify(&plan(41), &list, now()),
            Err(ApprovalError::NotSigned)
        );
    }
}

#[test]
fn no_bit_of_an_approval_can_be_another() {
    let folder = tempfile::tempdir().unwrap();
    for (n, kind) in KINDS.iter().enumerate() {
        let (ada, public) = key(folder.path(), &format!("ada{n}"), kind);
        let list = signers(&[("ada@example.com", &public)]);
        let text = Statement::new(&plan(41), "ada@example.com", later())
            .sign(&ada)
            .unwrap()
            .to_text()
            .unwrap();
        let accepted = |bytes: &[u8]| {
            let approval = std::str::from_utf8(bytes)
                .ok()
                .and_then(|t| Approval::from_text(t).ok());
            approval.is_some_and(|a| a.verify(&plan(41), &list, now()).is_ok())
        };
        assert!(accepted(text.as_bytes()));
        let (mut flips, mut kept) = (0, vec![]);
        for byte in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[byte] ^= 1 << bit;
                flips += 1;
                if accepted(&bytes) {
                    kept.push((byte, bit));
                }
            }
        }
        assert!(kept.is_empty(), "{kind:?}: {kept:?} of {flips}");
        // Nor anything before, after or in between.
        for at in [0, text.find('\n').unwrap(), text.len()] {
            for more in ["\n", " ", "x"] {
                let mut longer = text.clone();
                longer.insert_str(at, more);
                assert!(!accepted(longer.as_bytes()), "{more:?} at {at}");
            }
        }
    }
}

fn verify_with_openssh(folder: &Path, signers: &str, signature: &str, line: &str) -> bool {
    let (list, file) = (folder.join("allowed_signers"), folder.join("signature"));
    std::fs::write(&list, signers).unwrap();
    std::fs::write(&file, signature).unwrap();
    let mut child = Command::new("ssh-keygen")
        .args(["-Y", "verify", "-I", "ada@example.com", "-n", NAMESPACE])
        .arg("-f")
        .arg(&list)
        .arg("-s")
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    child.wait().unwrap().success()
}

#[test]
fn openssh_agrees_in_both_directions() {
    let folder = tempfile::tempdir().unwrap();
    for (n, kind) in KINDS.iter().enumerate() {
        let (ada, public) = key(folder.path(), &format!("ada{n}"), kind);
        let list = format!("ada@example.com namespaces=\"{NAMESPACE}\" {public}");
        let statement = Statement::new(&plan(41), "ada@example.com", later());
        let text = statement.clone().sign(&ada).unwrap().to_text().unwrap();
        let (line, signature) = text.split_once('\n').unwrap();
        assert!(verify_with_openssh(
            folder.path(),
            &list,
            signature,
            &format!("{line}\n")
        ));
        assert!(!verify_with_openssh(folder.path(), &list, signature, line));

        // One that `ssh-keygen -Y sign` made, as with a key that only an agent has.
        let file = folder.path().join(format!("statement{n}"));
        std::fs::write(&file, statement.line()).unwrap();
        let signed = Command::new("ssh-keygen")
            .args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"])
            .arg(folder.path().join(format!("ada{n}")))
            .arg(&file)
            .status();
        assert!(signed.unwrap().success());
        let signature = std::fs::read_to_string(folder.path().join(format!("statement{n}.sig"))).unwrap();
        let approval = Approval::from_text(&(statement.line() + &signature)).unwrap();
        assert_eq!(approval.verify(&plan(41), &list.parse().unwrap(), now()), Ok(()));
    }
}

#[test]
fn a_list_that_is_not_understood_lets_nobody_in() {
    let folder = tempfile::tempdir().unwrap();
    let (_, public) = key(folder.path(), "ada", KINDS[0]);
    for line in [
        format!("*@example.com {public}"),
        format!("ada cert-authority {public}"),
        format!("ada valid-before=\"20200101\" {public}"),
        "ada".to_owned(),
        "ada ssh-ed25519 AAAA".to_owned(),
    ] {
        assert!(line.parse::<Signers>().is_err(), "{line}");
    }
    assert!("# nobody\n\n".parse::<Signers>().is_ok());
}
