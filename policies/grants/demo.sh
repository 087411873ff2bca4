#!/usr/bin/env bash
# From a credential to a grant and its use, and every way to be refused. Usage: demo.sh FOLDER, which
# has the programs `assay`, `policyc` and `mint_workload`. Fails if anything comes out otherwise than it says.
set -euo pipefail
cd "$(dirname "$0")"
bin=$(cd "$OLDPWD" && cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mint=https://mint.example.org mail=https://mail.example.org
agent=spiffe://example.org/agents/mail

# expect CODE NAME COMMAND...: runs it and shows what it says.
expect() {
  local want=$1 what=$2 code=0
  shift 2
  echo "-- $what"
  "$@" || code=$?
  ((code == want)) || { echo "$what: exit code $code, not $want" >&2; exit 1; }
}
# fail CODE TEXT NAME COMMAND...: runs it; it must fail with that code, and say that text.
fail() {
  local code=$1 text=$2
  expect "$code" "${@:3}" 2> >(tee "$work/said" >&2)
  wait $!
  grep -qF "$text" "$work/said" || { echo "$3: it does not say: $text" >&2; exit 1; }
}
# refuse REASON NAME COMMAND...: runs it; it must be refused for that reason, and no other.
refuse() { fail 2 "[$1]" "${@:2}"; }
# Asks the mint as the agent; the grant goes to $work/grant. The policies are an image that is signed.
ask() {
  "$bin/mint_workload" proof "$work" POST $mint/token >"$work/proof"
  "$bin/assay" mint "$work/broker" --policies "$work/policies.assay" \
    --image-key "$work/publisher.pub" --entities entities.json --issuer $mint --credential "$work/svid" --bundle "$work/bundle" \
    --trust-domain example.org --principal-type Agent --audience $mail --task ticket-7 --step 1 \
    --dpop-proof "$work/proof" --dpop-url $mint/token "$@" >"$work/grant"
}
# Shows $work/grant to the mail server, with the key in the folder $1, for action $2 on mailbox $3.
show() {
  "$bin/mint_workload" proof "$1" POST $mail/api "$work/grant" >"$work/shown"
  "$bin/assay" verify "$work/grant" --keys "$work/broker/keys/grant.jwk" --ledger "$work/broker" \
    --issuer $mint --audience $mail --skew 0 --uses "$work/uses" --dpop-proof "$work/shown" \
    --dpop-url $mail/api -a "Action::\"$2\"" -r "Mailbox::\"$3\"" "${@:4}"
}
# Says why the newest decision was as it was.
explain_last() {
  local id
  id=$("$bin/assay" ledger tail "$work/broker" -n 9 --format json 2>/dev/null |
    sed -nE 's/.*"decision_id":"([^"]*)".*/\1/p' | tail -n 1)
  "$bin/assay" ledger explain "$work/broker" "$id" "$@"
}
explain_for_programs() { explain_last --format json | grep -F '"replay":{"agrees":true,"requests":[{"allowed":false'; }

"$bin/assay" init "$work/broker" >/dev/null
openssl genpkey -algorithm ed25519 -out "$work/publisher.pem"
openssl pkey -in "$work/publisher.pem" -pubout -out "$work/publisher.pub"
"$bin/policyc" compile --policies policies.cedar --grants --sign-key "$work/publisher.pem" \
  --output "$work/policies.assay"
"$bin/mint_workload" svid "$work" $agent $mint
mkdir "$work/thief"
"$bin/mint_workload" svid "$work/thief" spiffe://example.org/thief $mint

expect 0 "the agent asks to read the inbox, and gets a grant" \
  ask -a 'Action::"read"' -r 'Mailbox::"inbox"'
expect 0 "the mail server checks it" show "$work" read inbox
refuse tuple_not_granted "the same grant for another action" show "$work" send inbox
refuse tuple_not_granted "the same grant for another mailbox" show "$work" read ceo
refuse binding_mismatch "the same grant, shown by another workload" show "$work/thief" read inbox
expect 0 "why there was a grant" explain_last
expect 0 "a grant for a second" ask -a 'Action::"read"' -r 'Mailbox::"inbox"' --seconds 1
sleep 2
refuse expired "that grant, after it has expired" show "$work" read inbox

refuse denied "the agent asks for a mailbox of somebody else" ask -a 'Action::"read"' -r 'Mailbox::"ceo"'
expect 0 "why there was none" explain_last

echo '{"to": "bob@example.org"}' >"$work/bob"
echo '{"to": "eve@example.org"}' >"$work/eve"
expect 0 "the agent asks to send one answer" ask -a 'Action::"send"' -r 'Mailbox::"inbox"' \
  --purpose answer --context "$work/bob"
refuse context_changed "the grant for another recipient" show "$work" send inbox --context "$work/eve"
expect 0 "the grant for the one it was given for" show "$work" send inbox --context "$work/bob"
refuse uses_exhausted "the grant a second time" show "$work" send inbox --context "$work/bob"
refuse requires_stepwise "two actions of high risk at once" ask -a 'Action::"send"' -r 'Mailbox::"inbox"' \
  -a 'Action::"send"' -r 'Mailbox::"inbox"' --purpose answer --context "$work/bob"
refuse denied "sending what is under legal hold" ask -a 'Action::"send"' -r 'Mailbox::"evidence"' \
  --purpose answer --context "$work/bob"
expect 0 "why there was no grant" explain_last
expect 0 "the same, for programs" explain_for_programs
refuse subject_mismatch "the agent says that it is somebody else" ask -a 'Action::"read"' -r 'Mailbox::"inbox"' \
  --principal 'Agent::"admin"'

expect 0 "the agent asks once more" ask -a 'Action::"send"' -r 'Mailbox::"inbox"' --purpose answer \
  --context "$work/bob"
expect 0 "and its task is ended" "$bin/assay" revoke "$work/broker" --txn ticket-7 --reason task_completed
refuse revoked "the grant, after that" show "$work" send inbox --context "$work/bob"

expect 0 "the ledger is whole" "$bin/assay" ledger verify "$work/broker"
"$bin/assay" ledger inventory "$work/broker"

# Nobody signs the images that a broker keeps: the ledger has their digest.
echo 'permit(principal, action, resource);' | "$bin/policyc" compile --policies - --output "$work/other.assay"
for kept in "$work"/broker/policies/*.assay; do cp "$work/other.assay" "$kept"; done
fail 1 "not the policies that the record was decided by" \
  "a kept image that was replaced explains nothing" explain_last
