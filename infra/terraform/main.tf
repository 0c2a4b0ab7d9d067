# Deploys the compiled template of a release (main.json), and no other than the one whose hash is given. Only an example: the template
# is the same as in every other way (docs/deploy.md), and Terraform sees one resource, the deployment. Then: infra/deploy-package.sh.
terraform {
  required_version = ">= 1.5"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  subscription_id = var.subscription_id

  features {}
}

variable "subscription_id" {
  type        = string
  description = "Subscription of the tenant whose risk is exported."
}

variable "name" {
  type        = string
  description = "Parameter environmentName."
}

variable "location" {
  type        = string
  description = "Region."
}

variable "template_file" {
  type        = string
  description = "main.json of the release."
}

variable "template_sha256" {
  type        = string
  description = "Its SHA-256, from SHA256SUMS of the release."
}

variable "app_version" {
  type        = string
  description = "Version of the package."
}

variable "app_package_sha256" {
  type        = string
  description = "SHA-256 of the package, from SHA256SUMS of the release."
}

variable "parameters" {
  type        = any
  default     = {}
  description = "Further parameters of infra/main.bicep by their names: {appProgramSha256 = \"…\", alertEmails = \"soc@example.com\"}. No secrets: the state would hold them; set those in the vault."
}

locals {
  given = merge(var.parameters, {
    environmentName  = var.name
    location         = var.location
    appVersion       = var.app_version
    appPackageSha256 = var.app_package_sha256
  })
}

resource "azurerm_subscription_template_deployment" "exporter" {
  name               = var.name
  location           = var.location
  template_content   = file(var.template_file)
  parameters_content = jsonencode({ for name, value in local.given : name => { value = value } })

  lifecycle {
    precondition {
      condition     = filesha256(var.template_file) == lower(var.template_sha256)
      error_message = "The template file is not the one whose SHA-256 was given."
    }
  }
}

output "outputs" {
  value       = { for name, output in jsondecode(azurerm_subscription_template_deployment.exporter.output_content) : name => output.value }
  description = "What the deployment gives: resourceGroup, functionApp, diagnosticRuleId and so on."
}
