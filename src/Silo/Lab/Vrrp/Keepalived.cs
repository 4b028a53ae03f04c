using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace OrleansLb.Silo.Lab.Vrrp;

/// <summary>How a keepalived takes part in the election for one address.</summary>
/// <param name="Address">With its prefix length, as it is put on the interface.</param>
/// <param name="AdvertInterval">Between two advertisements of the master; the others take over after about three and a half of them.</param>
/// <param name="Owner">Has the highest priority there is, and takes the address at once.</param>
internal sealed record VrrpSettings(string Interface, string Address, TimeSpan AdvertInterval, bool Owner);

/// <summary>A keepalived in a network namespace, in the foreground: nothing of it is installed or started on the machine itself.</summary>
internal sealed class Keepalived : IAsyncDisposable
{
    private const int HighestPriority = 255;
    private const int UsualPriority = 100;

    private static int _started;

    private readonly Channel<string> _log = Channel.CreateUnbounded<string>();
    private readonly Process _process;
    private bool _dead;

    public Keepalived(string program, string networkNamespace, string folder, VrrpSettings settings)
    {
        // a zombie would still hold an old pid file
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{networkNamespace}-{Interlocked.Increment(ref _started)}"));
        File.WriteAllText(path + ".conf", Configuration(settings));
        string[] arguments = ["netns", "exec", networkNamespace, program, "--vrrp", "--dont-fork", "--log-console", "--log-detail", "--use-file",
            path + ".conf", "--pid", path + ".pid", "--vrrp_pid", path + ".vrrp.pid"];
        _process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.Exited += (_, _) => _log.Writer.TryComplete();
        _process.EnableRaisingEvents = true;
        _process.OutputDataReceived += (_, line) => _log.Writer.TryWrite(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Writer.TryWrite(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until it says that it is <c>MASTER</c> or <c>BACKUP</c>.</summary>
    public async Task Entered(string state, CancellationToken late)
    {
        var said = new List<string>();
        try
        {
            while (!said.LastOrDefault("").Contains($"Entering {state} STATE", StringComparison.Ordinal)) said.Add(await _log.Reader.ReadAsync(late));
        }
        catch (Exception silent) when (silent is OperationCanceledException or ChannelClosedException)
        {
            throw new OperatorException($"keepalived did not become {state}; it said: {string.Join(" | ", said)}");
        }
    }

    /// <summary>Dies without a word, with its child.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_dead) return;
        _dead = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Configuration(VrrpSettings settings) => string.Create(CultureInfo.InvariantCulture, $$"""
        global_defs {
          vrrp_version 3
        }
        vrrp_instance lab {
          state {{(settings.Owner ? "MASTER" : "BACKUP")}}
          {{(settings.Owner ? "" : "nopreempt")}}
          interface {{settings.Interface}}
          virtual_router_id 51
          priority {{(settings.Owner ? HighestPriority : UsualPriority)}}
          advert_int {{settings.AdvertInterval.TotalSeconds}}
          virtual_ipaddress {
            {{settings.Address}}
          }
        }

        """);
}
