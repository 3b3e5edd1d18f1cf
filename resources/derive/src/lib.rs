//! Derives for the regular half of a resource type.
//!
//! They take away what a struct already says: the field table, the constructor and setters, the promises, how a call
//! is sent. They hold no knowledge of AWS; that is in the files that use them.

mod attrs;
mod call;
mod outputs;
mod resource;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, parse_macro_input};

/// The regular half of a resource type.
///
/// On the struct: `#[resource("ec2.subnet", cfn = "AWS::EC2::Subnet", ready = minutes, stateful, delete_first)]`; its
/// documentation is the type's. On its fields, each of which is documented (the plan and the reference quote it):
///
/// - `#[immutable]`: a change replaces the resource;
/// - `#[default(expr)]`: what unset means; on an `Option`, `#[default(None)]` says that unset is a value of its own, and
///   that it is looked at, where an `Option` without it is left to AWS;
/// - `#[after_create]`: create does not take it;
/// - `#[write_only]`: AWS does not give it back;
/// - `#[named(max = 32, also = "-", lower)]`: holds the physical name, within that rule;
/// - `#[needs_only_existence("reason")]`: its source need only exist, not be ready;
/// - `#[attachment]`: what it refers to is not usable without this resource (a role's policy, a table's route);
/// - `#[cfn("Property")]`: the schema's property, where it is not the field's name in Pascal case; empty for none.
///
/// A field without default that is no `Option`, no collection and not `tags` is an argument of `new`; the others have setters of their name.
#[proc_macro_derive(
    Resource,
    attributes(
        resource,
        immutable,
        default,
        after_create,
        write_only,
        named,
        needs_only_existence,
        attachment,
        cfn
    )
)]
pub fn resource(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    resource::expand(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// The promises of a struct of outputs. Each field is documented, and has `#[shape("vpc-{hex17}")]`: what it looks like.
#[proc_macro_derive(Outputs, attributes(shape))]
pub fn outputs(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    outputs::expand(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// One AWS operation: a struct named after it, with fields named after the members of the SDK's builder.
///
/// `#[call(ec2, folds, name = "CreateDBInstance", id = o.vpc?.vpc_id?, refused = no(&o.unsuccessful), action = "s3:PutLifecycleConfiguration", also("iam:PassRole"), on = "arn:…")]`:
/// the SDK module; whether several changes become one call; the operation where its spelling is not the struct's; how
/// to find the new id in the reply `o`; the error's code and message (`Option<(String, String)>`) when a reply `o` of success refuses its items; its IAM action where it is not its name; further actions; the ARN pattern.
#[proc_macro_derive(Call, attributes(call))]
pub fn call(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    call::expand(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}
