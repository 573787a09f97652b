# What there is once in an account and region, whoever declares it: a second stack, or a person, would overwrite it.
# So both are off unless this configuration is the one that owns the registry.

variable "registry_scanning" {
  description = "Scanning of every repository: BASIC, ENHANCED, or empty to leave it as it is set."
  type        = string
  default     = ""

  validation {
    condition     = contains(["", "BASIC", "ENHANCED"], var.registry_scanning)
    error_message = "BASIC, ENHANCED or empty."
  }
}

variable "replicate_to" {
  description = "Where ECR copies what var.repositories names."
  type        = list(object({ region = string, account = string }))
  default     = []
}

resource "aws_ecr_registry_scanning_configuration" "all" {
  count     = var.registry_scanning == "" ? 0 : 1
  scan_type = var.registry_scanning

  rule {
    scan_frequency = var.registry_scanning == "ENHANCED" ? "CONTINUOUS_SCAN" : "SCAN_ON_PUSH"

    repository_filter {
      filter      = "*"
      filter_type = "WILDCARD"
    }
  }
}

resource "aws_ecr_replication_configuration" "production" {
  count = length(var.replicate_to) == 0 ? 0 : 1

  replication_configuration {
    rule {
      dynamic "destination" {
        for_each = var.replicate_to
        content {
          region      = destination.value.region
          registry_id = destination.value.account
        }
      }

      dynamic "repository_filter" {
        for_each = var.repositories
        content {
          filter      = repository_filter.value
          filter_type = "PREFIX_MATCH"
        }
      }
    }
  }
}
