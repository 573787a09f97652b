# The two kinds of repository that the stack of this project makes (docs/registry.md), for who declares with Terraform.
# test/contract/terraform.test.ts holds both to the same attributes.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.50" # exclusions from immutability, and archive rules
    }
  }
}

variable "repositories" {
  description = "Names of repositories whose tags stay, but for those that end in latest."
  type        = set(string)
  default     = ["team/demo-api"]
}

variable "mutable_repositories" {
  description = "Names of repositories whose tags move."
  type        = set(string)
  default     = ["demo-api"]
}

variable "pullers" {
  description = "Who may pull: ARNs of roles that exist, or arn:aws:iam::<account id>:root."
  type        = list(string)
  default     = []

  validation {
    condition     = !anytrue([for puller in var.pullers : strcontains(puller, "*")])
    error_message = "Nobody is everybody: name roles or accounts."
  }
}

resource "aws_ecr_repository" "production" {
  for_each             = var.repositories
  name                 = each.value
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"

  image_tag_mutability_exclusion_filter {
    filter      = "*latest"
    filter_type = "WILDCARD"
  }

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_ecr_lifecycle_policy" "production" {
  for_each   = aws_ecr_repository.production
  repository = each.value.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "what an environment points to goes by no rule below"
        selection = {
          tagStatus      = "tagged"
          tagPatternList = ["*latest"]
          countType      = "imageCountMoreThan"
          countNumber    = 1000
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "releases that nobody pulled for 180 days are archived"
        selection = {
          tagStatus      = "tagged"
          tagPatternList = ["v*"]
          countType      = "sinceImagePulled"
          countUnit      = "days"
          countNumber    = 180
        }
        action = { type = "transition", targetStorageClass = "archive" }
      },
      {
        rulePriority = 3
        description  = "of builds that were not released the newest 30 are kept"
        selection = {
          tagStatus      = "tagged"
          tagPatternList = ["build-*"]
          countType      = "imageCountMoreThan"
          countNumber    = 30
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 4
        description  = "untagged images that nobody pulled for 180 days are archived"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePulled"
          countUnit   = "days"
          countNumber = 180
        }
        action = { type = "transition", targetStorageClass = "archive" }
      },
      {
        rulePriority = 5
        description  = "what was in the archive for a year expires"
        selection = {
          tagStatus    = "any"
          storageClass = "archive"
          countType    = "sinceImageTransitioned"
          countUnit    = "days"
          countNumber  = 365
        }
        action = { type = "expire" }
      },
    ]
  })
}

resource "aws_ecr_repository" "mutable" {
  for_each             = var.mutable_repositories
  name                 = each.value
  image_tag_mutability = "MUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_ecr_lifecycle_policy" "mutable" {
  for_each   = aws_ecr_repository.mutable
  repository = each.value.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "untagged images expire after 7 days"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = 7
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "the newest 30 images with a tag that begins with v are kept"
        selection = {
          tagStatus     = "tagged"
          tagPrefixList = ["v"]
          countType     = "imageCountMoreThan"
          countNumber   = 30
        }
        action = { type = "expire" }
      },
    ]
  })
}

resource "aws_ecr_repository_policy" "pull" {
  for_each = {
    for name, it in merge(aws_ecr_repository.production, aws_ecr_repository.mutable) :
    name => it if length(var.pullers) > 0
  }
  repository = each.value.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Pull"
        Effect    = "Allow"
        Principal = { AWS = var.pullers }
        Action    = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      },
    ]
  })
}

output "repositories" {
  description = "Name, ARN and URI of each."
  value = {
    for name, it in merge(aws_ecr_repository.production, aws_ecr_repository.mutable) :
    name => { name = it.name, arn = it.arn, uri = it.repository_url }
  }
}
