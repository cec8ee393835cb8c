#!/usr/bin/env bash
# Checks the files of this folder against the schemas of Kubernetes, GitLab and Argo Workflows.
#
#   examples/fleet/validate.sh [DIRECTORY]   keep the Python packages there; target/fleet-schemas by default
set -euo pipefail
cd "$(dirname "$0")/../.."
packages=${1:-target/fleet-schemas}
if [ ! -e "$packages/ready" ]; then
    python3 -m venv "$packages"
    "$packages/bin/pip" install --quiet check-jsonschema==0.39.0 kubernetes-validate==1.37.0 hera==7.1.0
    touch "$packages/ready"
fi
for version in 1.31 1.37; do
    "$packages/bin/kubernetes-validate" --strict -k "$version" examples/fleet/kubernetes-*.yaml
done
"$packages/bin/check-jsonschema" --builtin-schema vendor.gitlab-ci examples/fleet/gitlab-ci.yml
# The models of Hera are generated from the schema of Argo. They drop unknown keys, so what they read must be
# what they write.
"$packages/bin/python" - examples/fleet/argo-workflow.yaml <<'PYTHON'
import json, sys, yaml
from hera.workflows.models import Workflow

document = yaml.safe_load(open(sys.argv[1]))
workflow = Workflow.model_validate(document)
written = json.loads(workflow.model_dump_json(by_alias=True, exclude_unset=True))
if written != document:
    sys.exit(f"{sys.argv[1]}: the schema of Argo has other keys:\n{json.dumps(written, indent=1)}")
print(f"ok -- {sys.argv[1]}")
PYTHON
