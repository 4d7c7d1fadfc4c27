#!/bin/sh
# Compiles scss/govuk.scss and copies GOV.UK Frontend's script into static/design/.
# The stylesheet is made a second time for languages that run right to left: pages of children and parents use it.
# Everything is fetched into a temporary folder: the checkout keeps only the three results.
set -eu
design=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$design/../../package.json" "$design/scss/govuk.scss" "$work/"
cd "$work"
npm install --no-package-lock --no-audit --no-fund --ignore-scripts --silent
npx sass --load-path=. --quiet-deps --no-source-map --style=compressed govuk.scss "$design/static/design/govuk.css"
npx rtlcss --silent "$design/static/design/govuk.css" "$design/static/design/govuk.rtl.css"
# Without its last line, which names a source map that is not shipped.
sed 's|//# sourceMappingURL=.*$||' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js \
  > "$design/static/design/govuk-frontend.min.js"
