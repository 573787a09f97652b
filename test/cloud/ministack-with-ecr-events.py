# Starts ministack with one switch turned. Like AWS, it takes events of a source "aws.*" from nobody but its own
# services, which pass this flag; and its ECR sends none. So the tests send them, in ECR's and Inspector's name.
import functools

from ministack.app import main
from ministack.services import eventbridge

eventbridge._put_events = functools.partial(eventbridge._put_events, allow_aws_source=True)
main()
