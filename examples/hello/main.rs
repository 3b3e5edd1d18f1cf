//! A network in ten lines.

use tenon::prelude::*;

fn hello(s: &mut Scope<Anywhere>) {
    let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
    for (zone, range) in [("eu-west-1a", "10.20.0.0/20"), ("eu-west-1b", "10.20.16.0/20")] {
        s.add(zone, ec2::Subnet::new(&vpc.id, range, zone));
    }
    s.output("vpc_id", &vpc.id);
}

fn main() -> ExitCode {
    tenon::run("hello", hello)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_stands_up_and_comes_down() {
        let plan = tenon_examples::stands_up(&tenon::declare("hello", Anywhere::Local, hello)).await;
        assert_eq!(plan.counts().create, 3);
    }
}
