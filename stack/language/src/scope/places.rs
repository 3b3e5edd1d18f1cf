//! Accounts and regions of what is declared in a scope.

use super::Scope;
use crate::environment::{DeployTarget, Environment};
use tenon_resources::value::{Input, Region, here};

impl<E: Environment> Scope<'_, E> {
    /// The account of what is declared in this scope; known at once when the environment pins it or the scope is
    /// [in another](Self::in_account), and otherwise when the plan is made.
    pub fn account(&self) -> Input<String> {
        if let Some(account) = &self.place.account {
            return Input::Known(account.clone());
        }
        match self.env().target() {
            DeployTarget::Account { account, .. } => Input::Known(account.into()),
            DeployTarget::Sandbox | DeployTarget::FirstApply => Input::From(here::account().source().clone()),
        }
    }

    /// The region of what is declared in this scope; known at once when the environment pins it or the scope is
    /// [in another](Self::in_region), and otherwise when the plan is made.
    pub fn region(&self) -> Input<Region> {
        if let Some(region) = &self.place.region {
            return Input::Known(region.as_str().into());
        }
        match self.env().target() {
            DeployTarget::Account { region, .. } => Input::Known(region.into()),
            DeployTarget::Sandbox | DeployTarget::FirstApply => Input::From(here::region().source().clone()),
        }
    }

    /// Declares what is in another region than the environment's, and looks up there. Addresses are those of this scope: moving a
    /// resource into another region replaces it.
    ///
    /// Services that an account has once (IAM, Route 53, `CloudFront`) are in no region, whatever the scope says.
    ///
    /// ```
    /// # use tenon_language::prelude::*;
    /// # fn program(s: &mut Scope<'_, Anywhere>) {
    /// // CloudFront takes certificates of this region alone.
    /// let certificate = s.in_region("us-east-1", |s| s.add("certificate", acm::Certificate::new("shop.example.com")));
    /// s.output("certificate", &certificate.arn);
    /// # }
    /// # tenon_language::declare("shop", Anywhere::Local, program).check().unwrap();
    /// ```
    ///
    /// What AWS looks up by an id is looked up where the call is made, so a reference across regions to anything but text and ARNs is an
    /// error of the program:
    ///
    /// ```
    /// # use tenon_language::prelude::*;
    /// # fn program(s: &mut Scope<'_, Anywhere>) {
    /// let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
    /// s.in_region("us-east-1", |s| s.add("subnet", ec2::Subnet::new(&vpc.id, "10.20.0.0/20", "us-east-1a")));
    /// # }
    /// # let error = tenon_language::declare("shop", Anywhere::Local, program).check().unwrap_err();
    /// # assert!(error.to_string().contains("declare both in one account and region"), "{error}");
    /// ```
    pub fn in_region<T>(&mut self, region: &str, program: impl FnOnce(&mut Scope<'_, E>) -> T) -> T {
        let place = self.place.in_region(region);
        program(&mut Scope {
            place,
            ..self.again()
        })
    }

    /// Declares what is in the account of `role`, the ARN of an IAM role that whoever runs the tool may assume, and looks up there.
    ///
    /// ```
    /// # use tenon_language::prelude::*;
    /// # fn program(s: &mut Scope<'_, Anywhere>) {
    /// s.in_account("arn:aws:iam::222222222222:role/dns", |s| s.add("zone", route53::Zone::new("shop.example.com")));
    /// # }
    /// # tenon_language::declare("shop", Anywhere::Local, program).check().unwrap();
    /// ```
    pub fn in_account<T>(&mut self, role: &str, program: impl FnOnce(&mut Scope<'_, E>) -> T) -> T {
        let place = self.place.in_account(role);
        program(&mut Scope {
            place,
            ..self.again()
        })
    }
}
