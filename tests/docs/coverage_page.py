#!/usr/bin/env python3
"""Renders the page of `policyc test --coverage-html` in headless Chromium, light and dark, wide and
narrow, and measures what people need to read it. Exits with 77 if there is no Chromium.

usage: coverage_page.py PROGRAMS"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
PARTLY = """
permit (principal, action, resource)
when { resource has a_rather_long_name_of_an_attribute && resource.a_rather_long_name_of_an_attribute == "x" }
unless { context has now && context.now > 5 };
"""
# Runs in the page; its answer is the title. Contrast is that of WCAG 2.1, of which AA asks 4.5.
MEASURE = """<script>
function channels(color) { return color.match(/[\\d.]+/g).map(Number); }
function light(color) {
  const [r, g, b] = channels(color).map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
}
function ground(element) {
  for (let e = element; e; e = e.parentElement) {
    const color = getComputedStyle(e).backgroundColor;
    if (channels(color).length < 4 || channels(color)[3] > 0) return color;
  }
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
}
function contrast(element) {
  const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
  return (a + .05) / (b + .05);
}
const read = [...document.querySelectorAll('mark, a, td, th, p, h1, h2, pre')];
document.title = JSON.stringify({
  dark: matchMedia('(prefers-color-scheme: dark)').matches, width: innerWidth,
  overflow: document.documentElement.scrollWidth - innerWidth,
  contrast: Math.min(...read.map(contrast)),
  all: document.querySelectorAll('pre mark.all').length, some: document.querySelectorAll('pre mark.some').length,
  none: document.querySelectorAll('pre mark.none').length, notes: document.querySelectorAll('pre i').length,
  broken: [...document.querySelectorAll('a[href]')].filter(a => !document.querySelector(a.getAttribute('href'))).length,
});
</script>"""


def measure(chromium, page, width, dark):
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
             "--disable-background-networking", f"--user-data-dir={profile}", f"--window-size={width},900",
             f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--dump-dom", f"file://{page}"],
            capture_output=True, text=True, timeout=120)
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title, done.stderr
    return json.loads(title[1])


def main():
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("skipped: there is no chromium on the path")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        policyc = os.path.join(os.path.abspath(sys.argv[1]), "policyc")
        subprocess.run([policyc, "new", "-n", "demo"], cwd=folder, check=True)
        with open(f"{folder}/demo/policies.cedar", "a") as policies:
            policies.write(PARTLY)
        with open(f"{folder}/demo/tests.json") as tests:
            text = tests.read().replace('"schema": "schema.cedarschema",', "")
        with open(f"{folder}/demo/tests.json", "w") as tests:
            tests.write(text)
        subprocess.run([policyc, "test", "demo", "--coverage-html", "page.html"], cwd=folder, check=True)
        page = f"{folder}/page.html"
        with open(page, "a") as out:
            out.write(MEASURE)
        for width in (1200, 500):
            for dark in (False, True):
                seen = measure(chromium, page, width, dark)
                print(seen)
                assert seen["dark"] == dark and seen["width"] == width
                assert seen["overflow"] <= 0, "the page is wider than the window"
                assert seen["contrast"] >= 4.5, "some text is hard to read"
                assert seen["all"] and seen["some"] and seen["none"], "a kind of clause is not there"
                assert seen["notes"] >= seen["some"] + seen["none"], "it is not said what is missing"
                assert seen["broken"] == 0, "a link leads nowhere"
    return 0


if __name__ == "__main__":
    sys.exit(main())
