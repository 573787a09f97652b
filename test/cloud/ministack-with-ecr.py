# Starts ministack with what the tests need to play ECR and to enforce IAM (docs/decisions/0001-independent-emulator.md).
# With --plain it starts as it is.
import functools
import json
import re
import sys

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import ecr, eventbridge
from ministack.services.cloudformation import provisioners


def let_aws_events_in():
    # Like AWS, it takes events of a source "aws.*" from nobody but its own services, which pass this flag; and its
    # ECR sends none. So the tests send them, in ECR's and Inspector's name.
    eventbridge._put_events = functools.partial(eventbridge._put_events, allow_aws_source=True)


def say_the_artifact_type():
    # ECR says the media type of the image's configuration; ministack repeats that of the manifest, so that every
    # image would look like a Helm chart or a signature. https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
    describe = ecr._describe_images

    def describe_images(data):
        status, headers, body = describe(data)
        answer = json.loads(body)
        for detail in answer.get("imageDetails", []):
            image = ecr._find_image(detail["repositoryName"], {"imageDigest": detail["imageDigest"]})
            config = json.loads(image["imageManifest"]).get("config")
            del detail["artifactMediaType"]
            if config:
                detail["artifactMediaType"] = config["mediaType"]
        return status, headers, json.dumps(answer).encode()

    ecr._describe_images = describe_images


def know_the_pull_exclusion():
    # A template with a type that it does not know is refused. It archives nothing, so that there is nothing to do.
    provisioners._RESOURCE_HANDLERS["AWS::ECR::PullTimeUpdateExclusion"] = {
        "create": lambda _logical_id, props, _stack_name: (props["PrincipalArn"], {}),
        "delete": lambda _physical_id, _props: None,
    }


def take_loopback_for_tls():
    # Every policy here denies what does not come over TLS, and the emulator is spoken to without.
    pin = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _secure: pin(source_ip, True)


def say_the_role():
    # aws:PrincipalArn is the role of a session, not the session.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    resolve = iam_evaluator._resolve_condition_key
    session = re.compile(r"^arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/.*$")

    def resolve_condition_key(key, context):
        value = resolve(key, context)
        is_arn = key.lower() == "aws:principalarn"
        return session.sub(r"arn:\1:iam::\2:role/\3", value) if is_arn else value

    iam_evaluator._resolve_condition_key = resolve_condition_key


is_plain = "--plain" in sys.argv
del sys.argv[1:]
if not is_plain:
    let_aws_events_in()
    say_the_artifact_type()
    know_the_pull_exclusion()
    take_loopback_for_tls()
    say_the_role()
app.main()
