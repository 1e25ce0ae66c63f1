"""openekyc: self-hosted proof of a live person, in the TencentCloud faceid dialect."""
