#pragma once

#include <string>

#include "paging/event.h"
#include "routing/payload.h"

// How the words of a webhook become the words of paging.
namespace tocsin::engine {

// What a page is called: `alertname`, else the group labels, else the
// fingerprint; and what stands below it: the summary or description.
std::string TitleOf(const routing::Payload& payload,
                    const routing::Alert& alert);
std::string SummaryOf(const routing::Alert& alert);

paging::AlertUpdate UpdateOf(const routing::Alert& alert);

// Hash of what a cold row keeps of an alert; equal contents, equal hash.
std::uint64_t ContentsHash(const routing::Alert& alert);

}  // namespace tocsin::engine
