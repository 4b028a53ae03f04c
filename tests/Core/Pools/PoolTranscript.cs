using System.Globalization;
using System.Text;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Pools;

/// <summary>
/// Plays a transcript of one pool: lines that begin with "pool" configure it, lines that begin with "&gt;" are what happens, and after each stand the answer
/// and the claims that it writes.
/// </summary>
internal sealed class PoolTranscript
{
    private readonly StringBuilder _played = new();
    private readonly Dictionary<ServiceName, SharingTerms> _terms = [];
    private AddressPool _pool = Given.Pool("front");
    private PoolBook _book = new(new("front"));
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    /// <summary>The transcript as the allocator would have written it.</summary>
    public static string Play(string transcript)
    {
        var player = new PoolTranscript();
        foreach (var line in transcript.Split('\n')) player.Line(line);
        return player._played.ToString().TrimEnd('\n') + "\n";
    }

    private void Line(string line)
    {
        if (line.StartsWith('=') || line.StartsWith(' ')) return; // what was expected
        _played.Append(line).Append('\n');
        if (line.StartsWith("pool ", StringComparison.Ordinal)) _book.Configure(_pool = PoolWords.Pool(line.Split(' ')[1..]));
        if (line.StartsWith("> ", StringComparison.Ordinal)) Event(line[2..].Split(' '));
    }

    private void Event(string[] words)
    {
        var (subject, options) = (words.ElementAtOrDefault(1) ?? "", new WordOptions(words.Skip(2)));
        switch (words[0])
        {
            case "take":
                Take(PoolWords.Request(ServiceName.Parse(subject), options));
                break;
            case "leave":
                Write(Allocator.Release(_book, ServiceName.Parse(subject), options.Text("uid") ?? subject, options.Addresses("keep"), _now,
                    options.Has("gone")));
                break;
            case "stranger":
                Write(Allocator.Quarantine(_book, new(Address.Parse(subject), new(0x020000000001), new("node1"), "eth0", options.Has("in-use")), _now));
                break;
            case "pass":
                _now += PoolWords.Duration(subject);
                Write(Allocator.Expire(_book, _now));
                break;
            case "reserve":
                _book.Put(new(Address.Parse(subject), _book.Name, [],
                    Reserved: new(options.Text("namespace"), options.Text("name"), _now + options.Duration("for"))));
                break;
            case "restart":
                Restart();
                break;
            case "count":
                foreach (var family in PoolCount.Of(_book).Families)
                    Say($"= {family.Family}: {family.Total} in all, {family.Held} held, {family.Outside} outside, {family.Reserved} reserved, "
                        + $"{family.Quarantined} in quarantine, {family.Free} free");
                break;
            default:
                throw new FormatException($"no such event: {words[0]}");
        }
    }

    private void Take(AllocationRequest request)
    {
        foreach (var unknown in Allocator.UnknownTerms(_book, request).ToList()) _book.Learn(unknown, _terms[unknown]);
        var decision = Allocator.Decide(_book, request);
        switch (decision.Outcome)
        {
            case AllocationOutcome.Granted granted:
                Say($"= {string.Join(" and ", granted.Addresses)} {granted.Reason}");
                _book.Learn(request.Service, _terms[request.Service] = request.Sharing);
                break;
            case AllocationOutcome.Refused refused:
                Say($"= {refused.Reason}: {refused.Message}");
                break;
        }
        Write(decision.Changes);
    }

    /// <summary>Only the claims are left; on what terms services share is heard of them again.</summary>
    private void Restart()
    {
        var claims = _book.Claims.OrderBy(claim => claim.Address).ToArray();
        _book = Given.Book(_pool, claims);
    }

    private void Write(EquatableList<ClaimChange> changes)
    {
        Given.Enter(_book, changes);
        foreach (var change in changes) Say($"  {change.Address}: {(change.After is null ? "deleted" : PoolWords.Say(change.After))}");
        if (changes.Count == 0) Say("  nothing is written");
    }

    private void Say(string line) => _played.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
