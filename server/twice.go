package server

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// moments is how long an act counts as just done.
const moments = time.Minute

// requests remembers, in memory only, what was done moments ago: the same request of
// the same account, sent again by a double click, is refused by what it did
// itself, and its sender is to see the result and not the refusal.
type requests struct {
	mu sync.Mutex
	by map[[sha256.Size]byte][]*request
}

// request is one that acts.
type request struct {
	key   [sha256.Size]byte
	ended chan struct{}
	once  sync.Once
	to    string // where it led; empty for one that was refused
	at    time.Time
}

func (x *request) end(to string, at time.Time) {
	x.once.Do(func() {
		x.to, x.at = to, at
		close(x.ended)
	})
}

// stale reports an act that nobody needs any more.
func (x *request) stale(now time.Time) bool {
	select {
	case <-x.ended:
		return x.to == "" || now.Sub(x.at) >= moments
	default:
		return false
	}
}

// begin notes an act under way, and forgets those of long ago.
func (a *requests) begin(key [sha256.Size]byte, now time.Time) *request {
	x := &request{key: key, ended: make(chan struct{})}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.by == nil {
		a.by = map[[sha256.Size]byte][]*request{}
	}
	for k, list := range a.by {
		kept := list[:0:0]
		for _, y := range list {
			if !y.stale(now) {
				kept = append(kept, y)
			}
		}
		if a.by[k] = kept; len(kept) == 0 {
			delete(a.by, k)
		}
	}
	a.by[key] = append(a.by[key], x)
	return x
}

// others are the acts of one key beside one of them.
func (a *requests) others(x *request) (out []*request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, y := range a.by[x.key] {
		if y != x {
			out = append(out, y)
		}
	}
	return out
}

const actKey = "act"

// remembered is a handler whose act is remembered: by its account, its address and
// every field that was sent, the token of what was seen among them.
func (s *Server) remembered(h func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		key := sha256.Sum256(fmt.Appendf(nil, "%d %s\n%s", actor(c).Account, c.Request.URL.RequestURI(), c.Request.PostForm.Encode()))
		x := s.requests.begin(key, s.Now())
		c.Set(actKey, x)
		defer func() { x.end("", s.Now()) }()
		err := h(c)
		if err == nil && c.Writer.Status() == http.StatusSeeOther {
			x.end(c.Writer.Header().Get("Location"), s.Now())
		}
		return err
	}
}

// justDone is where the very same request led moments ago, for a handler of
// [Server.remembered] that is about to refuse it; empty where there was none. One
// that is still under way is waited for.
func (s *Server) justDone(c *gin.Context) string {
	v, _ := c.Get(actKey)
	x, ok := v.(*request)
	if !ok {
		return ""
	}
	x.end("", s.Now()) // before it waits: two that are refused do not wait for each other
	to := ""
	for _, y := range s.requests.others(x) {
		select {
		case <-c.Request.Context().Done():
			return ""
		case <-y.ended:
		}
		if !y.stale(s.Now()) {
			to = y.to
		}
	}
	return to
}
