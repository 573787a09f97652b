import { type Cause, DIRECTIONS } from './cause.ts';

const ENDPOINTS = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html';
const FROM_HERE = 'From this machine: resolves the name, connects to port 443 and shakes hands (TLS).';
const WITH_VPC = 'With --vpc: reads the endpoints and the route tables of the VPC instead.';
const EC2 = ['ec2:DescribeVpcEndpoints', 'ec2:DescribeRouteTables', 'ec2:DescribeSubnets'];

/** The way to the registry, and to the layers. */
export const NETWORK_CAUSES: readonly Cause[] = [
  {
    id: 'network-api',
    directions: DIRECTIONS,
    title: 'No way to the API (endpoint ecr.api)',
    symptoms: [
      'Could not connect to the endpoint URL: "https://api.ecr.',
      'Connect timeout on endpoint URL: "https://api.ecr.',
      'ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve ecr registry auth: service call has been retried',
      'ResourceInitializationError: unable to pull secrets or registry auth: … unable to get registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR',
      'RequestError: send request failed caused by: Post "https://api.ecr.',
    ],
    because:
      'A private subnet has neither a NAT gateway nor the interface endpoint com.amazonaws.REGION.ecr.api with private DNS, or the endpoint’s security group lets no 443 in.',
    check: `${FROM_HERE} ${WITH_VPC}`,
    asks: EC2,
    fix: 'aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --service-name com.amazonaws.REGION.ecr.api --private-dns-enabled --vpc-id VPC --subnet-ids SUBNET --security-group-ids GROUP --region REGION',
    source: ENDPOINTS,
  },
  {
    id: 'network-dkr',
    directions: DIRECTIONS,
    title: 'No way to the registry (endpoint ecr.dkr)',
    symptoms: [
      'failed to do request: Head "https://….dkr.ecr.…: i/o timeout',
      'Get "https://….dkr.ecr.….amazonaws.com/v2/": … request canceled while waiting for connection',
      'Get "https://….dkr.ecr.….amazonaws.com/v2/": context deadline exceeded',
      'dial tcp: lookup ….dkr.ecr.….amazonaws.com: no such host',
      'dial tcp: lookup ….dkr.ecr.….amazonaws.com on …: no such host',
    ],
    because:
      'As with ecr.api, of the endpoint com.amazonaws.REGION.ecr.dkr: docker itself speaks to this one.',
    check: `${FROM_HERE} ${WITH_VPC}`,
    asks: EC2,
    fix: 'aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --service-name com.amazonaws.REGION.ecr.dkr --private-dns-enabled --vpc-id VPC --subnet-ids SUBNET --security-group-ids GROUP --region REGION',
    source: ENDPOINTS,
  },
  {
    id: 'network-s3',
    directions: ['pull'],
    title: 'No way to the layers (gateway endpoint s3)',
    symptoms: [
      'Get "https://prod-…-starport-layer-bucket.s3.…: i/o timeout',
      'Get https://prod-…-starport-layer-bucket.s3.…: i/o timeout',
      'error pulling image configuration: … starport-layer-bucket',
      'failed to copy: httpReadSeeker: failed open: … starport-layer-bucket',
    ],
    because:
      'ECR keeps layers in S3. The manifest comes and the layers do not: the route table of the subnet has no S3 gateway endpoint and no way out, or the endpoint’s policy leaves out the bucket prod-REGION-starport-layer-bucket.',
    check: `${FROM_HERE} ${WITH_VPC}`,
    asks: EC2,
    fix: 'aws ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --service-name com.amazonaws.REGION.s3 --vpc-id VPC --route-table-ids TABLE --region REGION',
    source: ENDPOINTS,
  },
  {
    id: 'nat',
    directions: DIRECTIONS,
    title: 'No way out: no NAT gateway, or no public address',
    symptoms: ['CannotPullContainerError: … dial tcp …:443: i/o timeout', 'context deadline exceeded'],
    because:
      'The names resolve to public addresses, and nothing leads there: the private subnet has no route to a NAT gateway, or a Fargate task in a public subnet was started without a public address.',
    check:
      'From this machine: whether a public address of the registry can be reached. With --vpc: whether each route table has a default route, and where to.',
    asks: EC2,
    fix: 'aws ec2 create-route --route-table-id TABLE --destination-cidr-block 0.0.0.0/0 --nat-gateway-id NAT --region REGION',
    source: 'https://repost.aws/knowledge-center/ecs-fargate-pull-container-error',
  },
];
