//! Derives for the regular half of a resource type.
//!
//! They take away what a struct already says: the field table, the constructor and setters, the promises, how a call
//! is sent. They hold no knowledge of AWS; that is in the files that use them.

mod attrs;
mod call;
mod facts;
mod generate;
mod outputs;
mod read;
mod resource;
mod rules;
mod sample;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, parse_macro_input};

/// The regular half of a resource type.
///
/// On the struct: `#[resource("ec2.subnet", cfn = "AWS::EC2::Subnet", ready = minutes, stateful, delete_first, by_name, by_token)]`; its
/// documentation is the type's. `by_name` is for types whose name is ours and whose id is AWS's: they are looked up by their name
/// (`ByName`). `by_token` is for types whose create token AWS lets be read afterwards (`ByToken`). On its fields, each of which is documented (the plan and the reference quote it):
///
/// - `#[immutable]`: a change replaces the resource;
/// - `#[default(expr)]`: what unset means; on an `Option`, `#[default(None)]` says that unset is a value of its own, and
///   that it is looked at, where an `Option` without it is left to AWS;
/// - `#[after_create]`: create does not take it;
/// - `#[write_only]`: AWS does not give it back;
/// - `#[named(max = 32, also = "-", lower)]`: holds the physical name, within that rule; with `suffix = ".fifo", when = "fifo"` it ends so
///   where the field `fifo` is true;
/// - `#[named(max = 32, id)]`: the name is the id, too;
/// - `#[inside("iam.role")]`: what it refers to is the resource that this one is a part of, and is listed by;
/// - `#[attachment]`: what it refers to is not usable without this resource (a role's policy, a table's route);
/// - `#[cfn("Property")]`: the schema's property, where it is neither the attribute's key nor the field's name in Pascal case; empty for none.
///
/// - `#[sample(first, second)]`: the values in the two samples of the type, which differ in every field; `#[sample(second)]` where the first
///   has the default, `_` for the default. Without it, tags and the physical name are `a` and `b`;
/// - `#[range(0..=35)]`, `#[length(1..=255)]`, `#[pattern("[a-z]+")]`: what AWS takes, checked before a plan and said by `explain`;
/// - `#[wrong_if(*it > me.maximum, "is {it}: make it less than `maximum`, {}", me.maximum)]`: a finding about the field, whose name goes before
///   the sentence. `me` is the resource and `it` the value by reference; of an `Option`, the value that is set. `#[wrong_text_if(..)]` is the
///   same with the known value of an `Input`. `#[missing_if(me.https(), "is unset, and ..")]` is for an `Option` that is unset or a collection
///   that is empty. `#[checked(it.check(field))]` has findings of the value's own, where `field` is the field's name.
///
/// The regular calls are written from the same fields:
///
/// - `#[create(CreateSubnet: ec2, id = o.subnet?.subnet_id?)]`: a struct `CreateSubnet` with every field that is not
///   `#[after_create]`, `#[local]` or an attribute; `CreateSubnet::steps(self)` is the call;
///   With `puts`, the call overwrites what exists: a change of a field is the same call again, without tags;
///   `create_rules(..)` are those of the create alone;
/// - `#[update(ModifySubnetAttribute: ec2, by(subnet_id))]`: a struct with every mutable field as an `Option`. A change of
///   one field is this call with that member, unless the field is marked `#[by_hand]`: then it has a variant in the enum
///   that `set` matches on. Of several, the first is meant unless the field says `#[updated_by(Name)]`. A value that is `None` needs no
///   call. With `whole`, the call sends every member with each change;
/// - `#[delete(DeleteSubnet: ec2, by(subnet_id))]`: with the type's facts as its error rules;
/// - `#[attributes(SetTopicAttributes: sns, by(topic_arn), one)]`: sets the fields marked `#[attribute("DisplayName")]`, one a call
///   (`one`), as a list of keys and values (`list`) or as a map; `#[attribute]` alone is the field's name in Pascal case. `#[create(.., attributes)]`
///   takes those that are not at their default; without that, they are set after create. `cfn = "Property"` is the schema's property where one holds them
///   all. What is several attributes is set by hand: `SetTopicAttributes::steps(self, attributes)` is the call. A field that AWS writes in another form
///   says how: `#[attribute("RedrivePolicy", write = fn(&field) -> impl Serialize, read = fn(&str) -> field)]`;
/// - `#[retag(super::retag)]`: how tags change; `#[retag(TagResource, UntagResource: sns, by(resource_arn))]` writes the two calls, with
///   the members `tags` and `tag_keys`, or those that `members(tags_list, tags_list)` names, and the operations that `names("TagA", "UntagA")` spells where the structs do not;
/// - `#[calls(AttachInternetGateway, DetachInternetGateway)]`: the calls whose structs are written by hand, or shared by several types;
/// - `#[sdk(ec2::Subnet)]`: `from_sdk(&item)`, the inputs of an item that AWS lists.
///
/// - `#[create(.., puts, again(overwrite = true))]`: the members that have another value in the call over what exists;
///
/// Each takes `same(cluster, service_name = service)` (fields that the call takes as they are, under the member's name of the create call or
/// the one that is said), and `by(member)` or `by(member = "output")` (the member that names the resource), `with(member: Type = expr)` for
/// a member that is no field, `rules(.retry_on("Code", 60))`, and whatever [`Call`](macro@Call) takes. `#[by(repository_name)]` on the struct is that of every call but the
/// create call that has none of its own. `#[on("arn:..")]` on the
/// struct is the ARN pattern of every call that has none of its own. On the fields:
///
/// - `#[member("vpc_id")]`, `#[member(create = "a", update = "b", read = "c")]`: the member's name, where it is not the field's; empty
///   where those calls have none;
/// - `#[create_with(Type, expr)]`: the value of the member in the create call, in which `me` is the resource;
/// - `#[in_struct(Network)]`, `#[in_struct(Deployment, alarms)]`: a struct `Network` with this field and all others that say so, and
///   `Network::of(&resource)`, for a member that holds several fields;
/// - `#[sent_as(Type, expr)]`: the same in the create call and in the update call;
/// - `#[removed_as("remove_subnet_ids")]`, on a set: the member of the update call has what is new in it, and this member what is gone;
/// - `#[together(monitoring)]`: a change of this field sends the members of all fields that say so, with that word;
/// - `#[part_of(subnets)]`: the member of the field `subnets` holds this field, too, by its `#[sent_as(..)]`;
/// - `#[unset(DeleteLifecyclePolicy: ecr, by(repository_name))]`: the call that sets the field to its default, where the update call does not;
/// - `#[tag_specification("subnet")]`: on `tags`, for EC2;
/// - `#[read(expr)]`: the value in `from_sdk`, in which `item` is the SDK's;
/// - `#[local]`: the engine alone keeps it, no call sets it.
///
/// `#[facts(gone("InvalidSubnetID.NotFound"), in_use("DependencyViolation", 900), second_create = Refused("InvalidSubnet.Conflict"))]` is what AWS
/// says of the type: the codes of one that is not there, the codes with which it refuses to remove one that is used and for
/// how many seconds that may pass, and what a second create of the same answers; `exists("Code")` or `exists("Code", "part of the message")` is a
/// further code of a create that is refused because the resource exists. A type without facts does not compile.
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
        attachment,
        cfn,
        range,
        length,
        pattern,
        facts,
        create,
        update,
        delete,
        attributes,
        attribute,
        retag,
        sdk,
        member,
        create_with,
        calls,
        sent_as,
        unset,
        part_of,
        on,
        tag_specification,
        updated_by,
        by_hand,
        read,
        local,
        sample,
        inside,
        in_struct,
        together,
        removed_as,
        by,
        wrong_if,
        wrong_text_if,
        missing_if,
        checked
    )
)]
pub fn resource(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    resource::expand(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// The promises of a struct of outputs. Each field is documented, and has `#[shape("vpc-{hex17}")]`: what it looks like;
/// with `#[shown_while_pending("source")]`, what uses it does not wait for the resource to be ready.
#[proc_macro_derive(Outputs, attributes(shape, shown_while_pending))]
pub fn outputs(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    outputs::expand(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// An AWS operation: a struct named after it, with fields named after the members of the SDK's builder.
///
/// `#[call(ec2, folds, name = "CreateDBInstance", id = o.vpc?.vpc_id?, refused = no(&o.unsuccessful), action = "s3:PutLifecycleConfiguration", also("iam:PassRole"), on = "arn:…", sent_by = wire::create)]`:
/// the SDK module; whether several changes become one call; the operation where its spelling is not the struct's; how
/// to find the new id in the reply `o`; the error's code and message (`Option<(String, String)>`) when a reply `o` of success refuses its items; its IAM action where it is not its name; further actions; the ARN pattern; the function that sends it, where more is to do than to send the members.
#[proc_macro_derive(Call, attributes(call))]
pub fn call(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    call::expand(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}
