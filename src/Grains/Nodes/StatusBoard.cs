using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Nodes;

/// <summary>
/// Keeps the status objects of one node that are about BGP as they are to be: writes what is news, deletes what is gone,
/// and tries again while the record is away.
/// </summary>
internal sealed class StatusBoard
{
    private static readonly StatusKind[] Kinds = [StatusKind.BgpSession, StatusKind.ServiceBgp, StatusKind.OpenElbPeer, StatusKind.OpenElbConf];

    private readonly NodeName _node;
    private readonly IStatusObjectStore _store;
    private readonly StatusOptions _options;
    private readonly Action<TimeSpan, Func<Task>> _after;
    private readonly ILogger _logger;
    private readonly Dictionary<StatusSubject, StatusObject> _wanted = [];

    /// <summary>What stands there; null for what stands from before and was not looked into.</summary>
    private readonly Dictionary<StatusSubject, StatusObject?> _shown = [];
    private readonly HashSet<StatusSubject> _touched = [];
    private readonly SingleFlight _writing;
    private readonly Backoff _backoff;
    private HashSet<StatusSubject> _expected = [];
    private bool _read;
    private bool _complete;
    private bool _retrying;
    private bool _countsAwaited;
    private bool _countsDue;

    public StatusBoard(NodeName node, IStatusObjectStore store, StatusOptions options, Action<TimeSpan, Func<Task>> after, ILogger logger)
    {
        (_node, _store, _options, _after, _logger) = (node, store, options, after, logger);
        _writing = new(Write);
        _backoff = new(options.RetryDelay, options.RetryLimit);
    }

    public void Show(StatusObject wanted)
    {
        if (_wanted.GetValueOrDefault(wanted.Subject) == wanted) return;
        _wanted[wanted.Subject] = wanted;
        Touch(wanted.Subject);
    }

    public void Remove(StatusSubject subject)
    {
        if (_wanted.Remove(subject) || _shown.ContainsKey(subject)) Touch(subject);
    }

    /// <summary>The plan is known: what stands from before and is neither shown again nor expected to be is deleted.</summary>
    public void Expect(IEnumerable<StatusSubject> subjects, bool complete)
    {
        _expected = [.. subjects];
        _complete = complete;
        if (_read) foreach (var subject in _shown.Keys.Where(IsStale).ToList()) Touch(subject);
        WriteSoon();
    }

    /// <summary>The node is gone for good, and with it all that is shown of it.</summary>
    public void Clear()
    {
        foreach (var subject in _wanted.Keys.ToList()) Remove(subject);
        Expect([], complete: true);
    }

    private bool IsStale(StatusSubject subject) => _complete && !_wanted.ContainsKey(subject) && !_expected.Contains(subject);

    private void Touch(StatusSubject subject)
    {
        _touched.Add(subject);
        WriteSoon();
    }

    private void WriteSoon()
    {
        if (!_retrying && (_touched.Count > 0 || !_read)) _writing.Run().Observe(_logger, $"Showing the status of node {_node}");
    }

    private async Task Write()
    {
        try
        {
            await Read();
            var due = _countsDue;
            _countsDue = false;
            await Parallel(_touched.ToList(), subject => Bring(subject, due));
            _backoff.Succeeded();
        }
        catch (RecordUnavailableException away)
        {
            Retry(away);
        }
        if (_touched.Count > 0) AwaitCounts();
    }

    private async Task Read()
    {
        if (_read) return;
        foreach (var kind in Kinds)
        {
            foreach (var subject in await _store.Standing(kind, _node, CancellationToken.None)) _shown.TryAdd(subject, null);
        }
        _read = true;
        _touched.UnionWith(_shown.Keys.Where(IsStale));
    }

    /// <summary>Makes one object what it is to be; numbers alone wait until they are due.</summary>
    private async Task Bring(StatusSubject subject, bool countsDue)
    {
        if (!_wanted.TryGetValue(subject, out var wanted))
        {
            if (!_expected.Contains(subject)) await Vanish(subject);
        }
        else if (StatusNews.IsUrgent(_shown.GetValueOrDefault(subject), wanted) || (countsDue && StatusNews.Differs(_shown.GetValueOrDefault(subject), wanted)))
        {
            _shown.TryAdd(subject, null); // whatever becomes of the write, something may stand there now
            await _store.Put(wanted, CancellationToken.None);
            _shown[subject] = wanted;
        }
        else if (StatusNews.Differs(_shown[subject], wanted)) return; // stays touched
        if (_wanted.GetValueOrDefault(subject) == wanted) _touched.Remove(subject); // unless it changed while it was written
    }

    private async Task Vanish(StatusSubject subject)
    {
        if (_shown.ContainsKey(subject)) await _store.Delete(subject, CancellationToken.None);
        _shown.Remove(subject);
    }

    private async Task Parallel(List<StatusSubject> subjects, Func<StatusSubject, Task> work)
    {
        foreach (var few in subjects.Chunk(_options.WritesAtOnce)) await Task.WhenAll(few.Select(work));
    }

    private void AwaitCounts()
    {
        if (_countsAwaited || _retrying) return;
        _countsAwaited = true;
        _after(_options.CountsInterval, () =>
        {
            (_countsAwaited, _countsDue) = (false, true);
            return _writing.Run();
        });
    }

    private void Retry(RecordUnavailableException away)
    {
        if (_retrying) return;
        _retrying = true;
        var delay = _backoff.Failed();
        _logger.StatusNotShown(_node, delay, away.Message);
        _after(delay, () =>
        {
            _retrying = false;
            return _writing.Run();
        });
    }
}
