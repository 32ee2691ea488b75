"""Why the reviewer decided so: reasons for each issue, with the sentences that state them."""
