#!/bin/sh
# Runs commands with the reference's program and with policyc: standard output and the exit code must
# be the same. Usage: commands.sh CEDAR POLICYC
set -u
reference=$1 ours=$2
cd "$(dirname "$0")/../golden/cli" || exit 1
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
count=0 different=0
input=/dev/null

same() {
  count=$((count + 1))
  rm -f "$dir/links.json"
  "$reference" "$@" >"$dir/theirs" 2>/dev/null <"$input"
  theirs=$?
  rm -f "$dir/links.json"
  "$ours" "$@" >"$dir/ours" 2>/dev/null <"$input"
  code=$?
  [ $theirs = $code ] && cmp -s "$dir/theirs" "$dir/ours" && return
  different=$((different + 1))
  echo "different: $* (exit code $theirs, and $code)"
  diff "$dir/theirs" "$dir/ours" | head -n 20
}

who='-l User::"al" -a Action::"a" -r Doc::"d"'
same authorize -p p.cedar --entities e.json $who -c ok.json
same authorize -p p.cedar --entities e.json $who -c ok.json -v
same authorize -p p.cedar --entities e.json $who -v
same authorize -p p.cedar --entities e.json --request-json r.json -v
shop='-p shop.cedar --entities shop_entities.json -s shop.cedarschema -l User::"ann" -r Item::"pen"'
same authorize $shop -a 'Action::"buy"' -c shop_context.json -v
same authorize $shop -a 'Action::"any"' --request-validation false
same evaluate $who '1 + 2'
same evaluate $who '[1, "a", {b: User::"x"}]'
same evaluate $who 'principal'
same check-parse -p p.cedar
same check-parse -s shop.cedarschema
same check-parse --expression '1 + 1'
same check-parse --entities shop_entities.json -s shop.cedarschema
same validate -s shop.cedarschema -p shop.cedar
# Reports: one finding a policy, since the reference has those of a policy in no certain order.
report() {
  printf "$1" >"$dir/report.cedar"
  same validate -s shop.cedarschema -p "$dir/report.cedar" --level 1
  same validate -s shop.cedarschema -p "$dir/report.cedar" --deny-warnings
}
all='permit(principal, action, resource)'
report "$all when { principal.vip };\n$all when { false };\n$all when { [].isEmpty() };\n"
report "// before\n$all\nwhen {\n\t(resource).owner.vip &&\ttrue\n};\n// after\n"
report "\n\n$all when {\r\n  resource\n    .owner\n    .vip };"
report "@id(\"a name that is long enough for a second line - and/a-word 日本語日本語日本語日本語日本語日本語日本語日本語\")\n$all when { principal.vip };"
report "permit(principal == Nobody::\"a\", action, resource);"
report "permit(principal == User::\"say_һello\", action, resource in Group::\"g\");"
report "$all when { resource.owner.age == 1 && -1 };"
same translate-policy --direction cedar-to-json -p p.cedar
same translate-policy --direction cedar-to-json -p t.cedar
same translate-schema --direction cedar-to-json -s shop.cedarschema
same translate-schema --direction cedar-to-json-with-resolved-types -s shop.cedarschema
"$reference" translate-schema --direction cedar-to-json -s shop.cedarschema >"$dir/shop.json"
same translate-schema --direction json-to-cedar -s "$dir/shop.json"
same validate -s "$dir/shop.json" --schema-format json -p shop.cedar
values='{"?principal": "User::\"al\""}'
same link -p t.cedar --template-id policy1 -n a -a "$values"
same link -p t.cedar -k "$dir/links.json" --template-id policy1 -n a -a "$values"
same format -p p.cedar
same format -p shop.cedar -c
same format -p p.cedar -l 40 -i 4
same language-version
for command in tpe symcc partially-authorize; do same $command; done

cat >"$dir/tests.json" <<'X'
[{"name": "a", "request": {"principal": "User::\"al\"", "action": "Action::\"a\"", "resource": "Doc::\"d\"", "context": {"ok": true}}, "entities": [], "decision": "allow", "reason": ["all"], "num_errors": 0},
 {"name": "b", "request": {"principal": "User::\"al\"", "action": "Action::\"a\"", "resource": "Doc::\"d\"", "context": {}}, "entities": [], "decision": "allow", "reason": [], "num_errors": 0},
 {"request": {"principal": "User::\"al\"", "action": "Action::\"a\"", "resource": "Doc::\"d\"", "context": {}}, "entities": [], "decision": "deny", "reason": ["x"], "num_errors": 0}]
X
same run-tests -p p.cedar --tests "$dir/tests.json"
echo '{"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"}, "conditions": []}' >"$dir/one.json"
same authorize -p "$dir/one.json" --policy-format json --entities e.json $who -v
same translate-policy --direction json-to-cedar -p "$dir/one.json"
same check-parse -p "$dir/one.json" --policy-format json

input=p.cedar
same authorize --entities e.json $who -c ok.json
same check-parse
same format
same translate-policy --direction cedar-to-json
echo "$count commands, $different different"
[ $different = 0 ]
