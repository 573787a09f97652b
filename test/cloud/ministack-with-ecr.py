# Starts ministack with the two things in which it would not let ECR be played (docs/decisions/0001). With --plain it
# starts as it is.
import functools
import json
import sys

from ministack.app import main
from ministack.services import ecr, eventbridge


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


is_plain = "--plain" in sys.argv
del sys.argv[1:]
if not is_plain:
    let_aws_events_in()
    say_the_artifact_type()
main()
