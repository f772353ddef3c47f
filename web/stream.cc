#include "web/stream.h"

#include <utility>

namespace tocsin::web {

// Ends the stream with the last copy.
class Stream::Holder {
 public:
  explicit Holder(std::shared_ptr<Port> port) : port_(std::move(port)) {}
  ~Holder() { port_->EndStream(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  Port& port() const { return *port_; }

 private:
  const std::shared_ptr<Port> port_;  // shared with the transport
};

Stream::Stream(std::shared_ptr<Port> port)
    : holder_(std::make_shared<Holder>(std::move(port))) {}

bool Stream::Write(std::string_view bytes) const {
  return holder_ && holder_->port().WriteToStream(bytes);
}

void Stream::End() const {
  if (holder_) holder_->port().EndStream();
}

std::size_t Stream::unsent() const {
  return holder_ ? holder_->port().StreamUnsent() : 0;
}

bool Stream::open() const { return holder_ && holder_->port().StreamIsOpen(); }

}  // namespace tocsin::web
