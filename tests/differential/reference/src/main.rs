//! Answers questions as the reference implementation of Cedar does: one JSON object a line on
//! standard input, one JSON object a line on standard output. The tests use it as a black box.
//!
//!   {"op":"world", "policies":{id:text}, "templates":{id:text}, "templateLinks":[…],
//!    "entities":[…], "requests":[{principal,action,resource,context}]}
//!       -> {"answers":[{"decision","reason":[…],"errors":[{"policyId","message","inner"}]}
//!                      | {"error":text}]}  or  {"error":text} when the world is refused
//!   {"op":"parse", "text":policies}            -> {"ok":true,"ids":[…]} or {"ok":false,"errors":[…]}
//!   {"op":"expr", "text":expr, "entities":[…]?, "request":{…}?}
//!       -> {"value":text} or {"error":text} or {"parse_error":text}
//!   {"op":"to_json", "text":policies}          -> {"json":policy set} or {"error":text}
//!   {"op":"to_cedar", "text":policy set as JSON}
//!       -> {"text":policies, "json":the same set as JSON again} or {"error":text}
//!   {"op":"format", "text":policies, "width":n, "indent":n} -> {"text":text} or {"error":text}
//!   {"op":"entities", "text":json}             -> {"ok":bool,"error":text?}
//!   {"op":"context", "text":json}              -> {"ok":bool,"error":text?}
//!   {"op":"schema", "text":schema, "format":"cedar"|"json", "to":"cedar"|"json"|"resolved"}
//!       -> {"ok":true,"text":schema,"valid":bool,"warnings":n} or {"ok":false,"error":text}
//!   {"op":"validate", "schema":text, "format":…, "mode":"strict"|"permissive", "level":n?,
//!    "policies":…, "templates":…, "templateLinks":…}
//!       -> {"errors":[{"message","help","place":[begin,end] or []}],"warnings":[…]}, sorted, or
//!          {"error":text}
//!   {"op":"time", "what":"schema"|"validate"|"to_json"|"to_cedar"|"format", "text":…, "runs":n,
//!    "schema":…, "format":…, the last two for validate}
//!       -> {"seconds":the least of the runs, "count":of findings, or of bytes made}
//!   {"op":"data", "schema":text, "format":…, "entities":json?, "requests":[…]?}
//!       -> {"entities":text|null, "requests":[text|null]}: what is wrong, or null; or {"error":text}

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, Write};
use std::str::FromStr;

use cedar_policy::{
    eval_expression, Schema, SchemaFragment, ValidationMode, Validator, AuthorizationError, Authorizer, Context, Decision, Entities, EntityId,
    EntityTypeName, EntityUid, Expression, Policy, PolicyId, PolicySet, Request, SlotId, Template,
};
use serde_json::{json, Map, Value};

type Failure = Box<dyn Error>;

/// The error with everything that caused it, since Display alone often names only the outermost.
fn full_text(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

fn uid(value: &Value) -> Result<EntityUid, Failure> {
    if let Some(text) = value.as_str() {
        return Ok(EntityUid::from_str(text)?);
    }
    let value = value.get("__entity").unwrap_or(value);
    let type_name = value["type"].as_str().ok_or("uid without a type")?;
    let id = value["id"].as_str().ok_or("uid without an id")?;
    Ok(EntityUid::from_type_name_and_id(EntityTypeName::from_str(type_name)?, EntityId::new(id)))
}

fn request(value: &Value) -> Result<Request, Failure> {
    let context = match value.get("context") {
        Some(context) => Context::from_json_value(context.clone(), None)?,
        None => Context::empty(),
    };
    Ok(Request::new(
        uid(&value["principal"])?,
        uid(&value["action"])?,
        uid(&value["resource"])?,
        context,
        None,
    )?)
}

fn entities(value: Option<&Value>) -> Result<Entities, Failure> {
    match value {
        None => Ok(Entities::empty()),
        Some(value) => Entities::from_json_value(value.clone(), None).map_err(|e| full_text(&e).into()),
    }
}

fn texts<'a>(world: &'a Value, member: &str) -> impl Iterator<Item = (&'a String, &'a str)> {
    let object = world.get(member).and_then(Value::as_object);
    object.into_iter().flatten().filter_map(|(id, text)| text.as_str().map(|t| (id, t)))
}

fn policy_set(world: &Value) -> Result<PolicySet, Failure> {
    let mut set = PolicySet::new();
    for (id, text) in texts(world, "policies") {
        set.add(Policy::parse(Some(PolicyId::new(id)), text).map_err(|e| format!("{id}: {e:?}"))?)?;
    }
    for (id, text) in texts(world, "templates") {
        set.add_template(
            Template::parse(Some(PolicyId::new(id)), text).map_err(|e| format!("{id}: {e:?}"))?,
        )?;
    }
    for link in world.get("templateLinks").and_then(Value::as_array).into_iter().flatten() {
        let mut values = HashMap::new();
        for (slot, value) in link["values"].as_object().into_iter().flatten() {
            let slot = if slot == "?principal" { SlotId::principal() } else { SlotId::resource() };
            values.insert(slot, uid(value)?);
        }
        let name = |member: &str| PolicyId::new(link[member].as_str().unwrap_or_default());
        set.link(name("templateId"), name("newId"), values).map_err(|e| full_text(&e))?;
    }
    Ok(set)
}

/// The id itself; Display would escape what is in it.
fn plain(id: &PolicyId) -> String {
    AsRef::<str>::as_ref(id).to_string()
}

fn decide(set: &PolicySet, entities: &Entities, value: &Value) -> Result<Value, Failure> {
    let response = Authorizer::new().is_authorized(&request(value)?, set, entities);
    let mut reason: Vec<String> = response.diagnostics().reason().map(plain).collect();
    reason.sort();
    let mut errors: Vec<(String, String, String)> = response
        .diagnostics()
        .errors()
        .map(|error| match error {
            AuthorizationError::PolicyEvaluationError(e) => {
                (plain(e.policy_id()), error.to_string(), e.inner().to_string())
            }
        })
        .collect();
    errors.sort();
    let errors: Vec<Value> = errors
        .into_iter()
        .map(|(id, message, inner)| json!({"policyId": id, "message": message, "inner": inner}))
        .collect();
    let decision = if response.decision() == Decision::Allow { "allow" } else { "deny" };
    Ok(json!({"decision": decision, "reason": reason, "errors": errors}))
}

fn world(world: &Value) -> Result<Value, Failure> {
    let set = policy_set(world)?;
    let entities = entities(world.get("entities"))?;
    let requests = world.get("requests").and_then(Value::as_array).ok_or("no requests")?;
    let answers: Vec<Value> = requests
        .iter()
        .map(|r| decide(&set, &entities, r).unwrap_or_else(|e| json!({"error": e.to_string()})))
        .collect();
    Ok(json!({"answers": answers}))
}

fn parse(text: &str) -> Value {
    match PolicySet::from_str(text) {
        Ok(set) => {
            let mut ids: Vec<String> = set.policies().map(|p| p.id().to_string()).collect();
            ids.extend(set.templates().map(|t| t.id().to_string()));
            ids.sort();
            json!({"ok": true, "ids": ids})
        }
        Err(errors) => {
            let errors: Vec<String> = errors.iter().map(|e| full_text(e)).collect();
            json!({"ok": false, "errors": errors})
        }
    }
}

fn expression(question: &Value, text: &str) -> Result<Value, Failure> {
    let parsed = match Expression::from_str(text) {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(json!({"parse_error": full_text(&errors)})),
    };
    let request = match question.get("request") {
        Some(value) => request(value)?,
        None => request(&json!({"principal": "User::\"u\"", "action": "Action::\"a\"",
                                "resource": "Doc::\"d\"", "context": {}}))?,
    };
    let entities = entities(question.get("entities"))?;
    Ok(match eval_expression(&request, &entities, &parsed) {
        Ok(value) => json!({"value": value.to_string()}),
        Err(error) => json!({"error": error.to_string()}),
    })
}

fn to_json(text: &str) -> Result<Value, Failure> {
    let set = PolicySet::from_str(text).map_err(|e| full_text(&e))?;
    Ok(json!({"json": set.to_json().map_err(|e| full_text(&e))?}))
}

fn to_cedar(text: &str) -> Result<Value, Failure> {
    let set = PolicySet::from_json_str(text).map_err(|e| full_text(&e))?;
    let json = set.clone().to_json().map_err(|e| full_text(&e))?;
    Ok(json!({"text": set.to_cedar(), "json": json}))
}

fn format(question: &Value, text: &str) -> Result<Value, Failure> {
    let config = cedar_policy_formatter::Config {
        line_width: question["width"].as_u64().unwrap_or(80) as usize,
        indent_width: question["indent"].as_i64().unwrap_or(2) as isize,
    };
    match cedar_policy_formatter::policies_str_to_pretty(text, &config) {
        Ok(text) => Ok(json!({"text": text})),
        Err(error) => Err(format!("{error:?}").into()),
    }
}

fn verdict(result: Result<(), String>) -> Value {
    match result {
        Ok(()) => json!({"ok": true}),
        Err(error) => json!({"ok": false, "error": error}),
    }
}

fn fragment(text: &str, format: &str) -> Result<(SchemaFragment, usize), Failure> {
    if format == "json" {
        return Ok((SchemaFragment::from_json_str(text).map_err(|e| full_text(&e))?, 0));
    }
    let (fragment, warnings) =
        SchemaFragment::from_cedarschema_str(text).map_err(|e| full_text(&e))?;
    Ok((fragment, warnings.count()))
}

fn member<'a>(question: &'a Value, name: &str) -> &'a str {
    question[name].as_str().unwrap_or_default()
}

fn schema(question: &Value) -> Result<Schema, Failure> {
    let (fragment, _) = fragment(member(question, "schema"), member(question, "format"))?;
    Ok(Schema::from_schema_fragments([fragment]).map_err(|e| full_text(&e))?)
}

fn translate(question: &Value) -> Result<Value, Failure> {
    let (text, format) = (member(question, "text"), member(question, "format"));
    let (fragment, warnings) = fragment(text, format)?;
    let out = match member(question, "to") {
        "cedar" => fragment.to_cedarschema().map_err(|e| full_text(&e))?,
        "resolved" => cedar_policy::schema_str_to_json_with_resolved_types(text)
            .map_err(|e| format!("{e:?}"))?
            .0
            .to_string(),
        _ => fragment.to_json_string().map_err(|e| full_text(&e))?,
    };
    let valid = Schema::from_schema_fragments([fragment]).is_ok();
    Ok(json!({"ok": true, "text": out, "valid": valid, "warnings": warnings}))
}

type Finding = (String, String, Vec<usize>);

/// What it says, its advice, and where it begins and ends in the policy's text.
fn finding<T: miette::Diagnostic>(found: T) -> Finding {
    let help = found.help().map(|h| h.to_string()).unwrap_or_default();
    let label = found.labels().and_then(|mut labels| labels.next());
    let place = label.map(|l| vec![l.offset(), l.offset() + l.len()]);
    (found.to_string(), help, place.unwrap_or_default())
}

fn validate(question: &Value) -> Result<Value, Failure> {
    let set = policy_set(question)?;
    let validator = Validator::new(schema(question)?);
    let mode = match member(question, "mode") {
        "permissive" => ValidationMode::Permissive,
        _ => ValidationMode::Strict,
    };
    let result = match question.get("level").and_then(Value::as_u64) {
        Some(level) => validator.validate_with_level(&set, mode, level as u32),
        None => validator.validate(&set, mode),
    };
    let list = |mut found: Vec<Finding>| -> Value {
        found.sort();
        found
            .into_iter()
            .map(|(message, help, place)| json!({"message": message, "help": help, "place": place}))
            .collect()
    };
    let errors = result.validation_errors().cloned().map(finding).collect();
    let warnings = result.validation_warnings().cloned().map(finding).collect();
    Ok(json!({"errors": list(errors), "warnings": list(warnings)}))
}

fn data(question: &Value) -> Result<Value, Failure> {
    let schema = schema(question)?;
    let problem = |result: Result<(), String>| match result {
        Ok(()) => Value::Null,
        Err(error) => json!(error),
    };
    let entities = match question.get("entities") {
        None => Value::Null,
        Some(value) => problem(
            Entities::from_json_value(value.clone(), Some(&schema))
                .map(drop)
                .map_err(|e| full_text(&e)),
        ),
    };
    let check = |value: &Value| -> Result<(), Failure> {
        let action = uid(&value["action"])?;
        let context = match value.get("context") {
            Some(context) => Context::from_json_value(context.clone(), Some((&schema, &action)))
                .map_err(|e| full_text(&e))?,
            None => Context::empty(),
        };
        Request::new(
            uid(&value["principal"])?,
            action,
            uid(&value["resource"])?,
            context,
            Some(&schema),
        )
        .map_err(|e| full_text(&e))?;
        Ok(())
    };
    let requests: Vec<Value> = question
        .get("requests")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|r| problem(check(r).map_err(|e| e.to_string())))
        .collect();
    Ok(json!({"entities": entities, "requests": requests}))
}

/// What is measured begins with text in memory; for validation, with policies and schema read.
fn time(question: &Value) -> Result<Value, Failure> {
    let text = member(question, "text");
    let set = match member(question, "what") {
        "validate" => Some(PolicySet::from_str(text).map_err(|e| full_text(&e))?),
        _ => None,
    };
    let validator = match set {
        Some(_) => Some(Validator::new(schema(question)?)),
        None => None,
    };
    let once = || -> Result<usize, Failure> {
        Ok(match (member(question, "what"), &set, &validator) {
            ("validate", Some(set), Some(validator)) => {
                let result = validator.validate(set, ValidationMode::Strict);
                result.validation_errors().count() + result.validation_warnings().count()
            }
            ("schema", _, _) => {
                let (fragment, _) = fragment(text, member(question, "format"))?;
                Schema::from_schema_fragments([fragment]).map_err(|e| full_text(&e))?;
                0
            }
            ("to_json", _, _) => to_json(text)?["json"].to_string().len(),
            ("to_cedar", _, _) => {
                let set = PolicySet::from_json_str(text).map_err(|e| full_text(&e))?;
                set.to_cedar().unwrap_or_default().len()
            }
            ("format", _, _) => member(&format(question, text)?, "text").len(),
            (what, _, _) => return Err(format!("`{what}` cannot be timed").into()),
        })
    };
    let (mut seconds, mut count) = (f64::INFINITY, 0);
    for _ in 0..question["runs"].as_u64().unwrap_or(1) {
        let start = std::time::Instant::now();
        count = once()?;
        seconds = seconds.min(start.elapsed().as_secs_f64());
    }
    Ok(json!({"seconds": seconds, "count": count}))
}

fn answer(line: &str) -> Result<Value, Failure> {
    let question: Value = serde_json::from_str(line)?;
    let empty = Value::Object(Map::new());
    let text = question.get("text").unwrap_or(&empty).as_str().unwrap_or_default();
    match question["op"].as_str().unwrap_or_default() {
        "world" => world(&question),
        "parse" => Ok(parse(text)),
        "expr" => expression(&question, text),
        "to_json" => to_json(text),
        "to_cedar" => to_cedar(text),
        "format" => format(&question, text),
        "schema" => {
            Ok(translate(&question).unwrap_or_else(|e| json!({"ok": false, "error": e.to_string()})))
        }
        "validate" => validate(&question),
        "data" => data(&question),
        "time" => time(&question),
        "entities" => Ok(verdict(
            Entities::from_json_str(text, None).map(drop).map_err(|e| full_text(&e)),
        )),
        "context" => Ok(verdict(
            Context::from_json_str(text, None).map(drop).map_err(|e| full_text(&e)),
        )),
        other => Err(format!("unknown op `{other}`").into()),
    }
}

fn main() -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&line?).unwrap_or_else(|e| json!({"error": e.to_string()}));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
