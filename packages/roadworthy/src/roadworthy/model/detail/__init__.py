"""What a symbol says beyond its name: one small frozen dataclass per kind of statement, one file per subject."""

from roadworthy.model.detail.alert import AlertDelivery, AlertRoute, AlertRule, ReceiverDefined
from roadworthy.model.detail.backup import BackupCoded, BackupMade, BackupSteps
from roadworthy.model.detail.build import BuildNeed, CodeWanted, ModuleNeeds
from roadworthy.model.detail.code import (
    AsyncHandler,
    BlockingCall,
    ClientCall,
    ErrorsKept,
    HandlerEmpty,
    HandlerJudged,
    HandlerUse,
    ModuleRead,
    OriginsAllowed,
    RejectionsCaught,
    TimeoutsNamed,
)
from roadworthy.model.detail.command import CommandUse, ProgramPresent, ProgramUse
from roadworthy.model.detail.construct import Construct, HandlerGuarded, NameUnbound
from roadworthy.model.detail.dashboard import Dashboard, DashboardProvider, DatasourceGiven, DatasourceUse
from roadworthy.model.detail.deployment import DeployFound, JobIdle
from roadworthy.model.detail.django import CacheKept, CallerTold, ViewLimited
from roadworthy.model.detail.document import (
    DocumentLink,
    DocumentRead,
    LicenceText,
    ReadinessClaim,
)
from roadworthy.model.detail.environment import (
    EnvironmentDocumented,
    EnvironmentGiven,
    EnvironmentImported,
    EnvironmentRead,
    EnvironmentTaken,
    NamesMentioned,
    StageShared,
    StageValue,
    UrlParts,
    VariableNeed,
    VariableUse,
)
from roadworthy.model.detail.error_tracker import TrackerStarted
from roadworthy.model.detail.exposure import ForDevelopment, PrivilegeTaken, ServiceExposed
from roadworthy.model.detail.expression import Comparison
from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.detail.health import HandlerRead, ProbeAnswered
from roadworthy.model.detail.image import (
    BaseImage,
    ContentFound,
    CopySource,
    FilePlaced,
    FileWanted,
    IgnoreRule,
    NamesBound,
    PackageInstalled,
    RunsAs,
    SecretBaked,
    ShippedUser,
    SourceWanted,
    StageBuilt,
    StageFolder,
    StageUse,
    StageUser,
    StageWanted,
)
from roadworthy.model.detail.index import ColumnsPlain, IndexDropped, IndexMade, RowsAsked
from roadworthy.model.detail.limit import (
    BodyLimit,
    LimiterMade,
    LimiterUsed,
    LimitFreed,
    LimitPlaced,
    LimitSet,
    ProbeLimited,
    ProcessesRun,
    ProxyTrusted,
    UploadTaken,
)
from roadworthy.model.detail.loading import EnvironmentLoaded
from roadworthy.model.detail.local_state import StateKept
from roadworthy.model.detail.logging import LogSetup
from roadworthy.model.detail.manifest import Dependency, ManifestRead
from roadworthy.model.detail.metric import (
    LabelDefinition,
    LabelFilled,
    LabelsGiven,
    LabelUse,
    LabelValue,
    MetricDefinition,
    MetricTouch,
    MetricUse,
)
from roadworthy.model.detail.module import ModulesNeeded, PortNamed, PortTaken
from roadworthy.model.detail.node import BuilderSetup, CompilerSetup, NodePackage
from roadworthy.model.detail.object_key import ObjectKey, ObjectKeyUse
from roadworthy.model.detail.pipeline import ActionUse, PermissionsGiven, PipelineJob, PlatformPipeline
from roadworthy.model.detail.pipeline_value import ValueAsked, ValueGiven, WorkflowCalled
from roadworthy.model.detail.pool import ConnectionsUsed, NumberSet, PoolSet, TimeBound
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.privacy import (
    ActorWritten,
    ConsentAsked,
    ConsentWritten,
    ExportFound,
    PersonalLogged,
    SecretLogged,
)
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.prometheus import (
    FileMounted,
    PrometheusConfiguration,
    RuleFile,
    RuleFileLoad,
    ScrapeReach,
    ScrapeTarget,
    ServiceLabelled,
)
from roadworthy.model.detail.promise import Promise
from roadworthy.model.detail.proxy import HeadersSet, ProxyDefaults, ProxyRoute, ProxyTarget, TlsFile, TlsServer
from roadworthy.model.detail.release import (
    AuditFound,
    BuildMount,
    ClusterCommand,
    GateFound,
    HealthJudged,
    HomeLost,
    ImageMade,
    ImageReplaced,
    ImageWanted,
    InstallFound,
    ManifestApplied,
    Marker,
    MigrationOrder,
    MigrationStep,
    NamespaceGiven,
    ReleaseFound,
    ShellValue,
    UnsafeLine,
    VersionEnded,
)
from roadworthy.model.detail.route import (
    NameImported,
    PathText,
    RouteDeclared,
    RouterDeclared,
    RouterIncluded,
    RouteServed,
)
from roadworthy.model.detail.schedule import BackupRun, Scheduled
from roadworthy.model.detail.scheduler import SchedulerStarted
from roadworthy.model.detail.script import CommandLine, PathUse, ScriptDefined, ScriptUse
from roadworthy.model.detail.secret import (
    EnvironmentFile,
    PasswordGuessed,
    SecretCommitted,
    SecretDefault,
    SecretExample,
    SecretGuard,
)
from roadworthy.model.detail.server import AddressWritten, ServerAsked
from roadworthy.model.detail.stopping import Drained
from roadworthy.model.detail.table import (
    CallsMade,
    ErasureFound,
    ForeignKey,
    ModelMapped,
    PersonRows,
    RowsErased,
    TableDefined,
    TableDropped,
)
from roadworthy.model.detail.testing import (
    CaseFound,
    CasesRead,
    FixtureDefined,
    FixturesHidden,
    FixtureUse,
    LoadMetric,
    LoadRequest,
    LoadScript,
    RunnerCalled,
    RunnerConfiguration,
    RunnerHidden,
    SettingsReplaced,
    VariableForTests,
)
from roadworthy.model.detail.version import VersionStated
from roadworthy.model.detail.volume import DataKept, FileUse, Mount, VolumeDeclared
from roadworthy.model.detail.workload import DependsOn, HostName, Workload, WorkloadChosen

Detail = (
    ActionUse
    | CacheKept
    | CallerTold
    | ColumnsPlain
    | IndexDropped
    | LimiterUsed
    | ViewLimited
    | AlertRoute
    | AlertDelivery
    | AlertRule
    | AsyncHandler
    | AuditFound
    | ErrorsKept
    | BackupCoded
    | BackupMade
    | BackupRun
    | BackupSteps
    | BaseImage
    | BlockingCall
    | BuildNeed
    | BuilderSetup
    | CallsMade
    | CaseFound
    | CasesRead
    | ClientCall
    | TimeoutsNamed
    | CodeWanted
    | CommandLine
    | CommandUse
    | Comparison
    | CompilerSetup
    | EnvironmentLoaded
    | ModulesNeeded
    | PortNamed
    | PortTaken
    | ConsentAsked
    | ContentFound
    | NamesBound
    | ExportFound
    | PersonalLogged
    | CopySource
    | Dashboard
    | DashboardProvider
    | DataKept
    | DatasourceGiven
    | DatasourceUse
    | Dependency
    | DependsOn
    | DocumentLink
    | DocumentRead
    | EnvironmentFile
    | EnvironmentGiven
    | EnvironmentImported
    | EnvironmentRead
    | EnvironmentTaken
    | ErasureFound
    | FileMounted
    | FilePlaced
    | FileUse
    | FileWanted
    | ForeignKey
    | FrameworkUse
    | HandlerEmpty
    | HandlerJudged
    | HandlerUse
    | HostName
    | IgnoreRule
    | LabelDefinition
    | LabelFilled
    | LabelsGiven
    | LabelUse
    | LabelValue
    | LicenceText
    | LogSetup
    | ManifestRead
    | MetricDefinition
    | MetricTouch
    | MetricUse
    | ModelMapped
    | ModuleNeeds
    | ModuleRead
    | Mount
    | NameImported
    | NameUnbound
    | NodePackage
    | ObjectKey
    | ObjectKeyUse
    | OriginsAllowed
    | PackageInstalled
    | PasswordGuessed
    | PathText
    | PathUse
    | PermissionsGiven
    | PersonRows
    | PipelineJob
    | PlatformPipeline
    | PortUse
    | ProbeUse
    | ProgramPresent
    | ProgramUse
    | Promise
    | PrometheusConfiguration
    | BodyLimit
    | IndexMade
    | RowsAsked
    | Construct
    | HandlerGuarded
    | ForDevelopment
    | PrivilegeTaken
    | ServiceExposed
    | ConnectionsUsed
    | NumberSet
    | PoolSet
    | TimeBound
    | LimiterMade
    | LimitFreed
    | LimitPlaced
    | LimitSet
    | ProbeLimited
    | ProcessesRun
    | ProxyTrusted
    | UploadTaken
    | HeadersSet
    | ProxyDefaults
    | ProxyRoute
    | ProxyTarget
    | TlsFile
    | TlsServer
    | ReadinessClaim
    | ReceiverDefined
    | RejectionsCaught
    | RouteDeclared
    | RouteServed
    | RouterDeclared
    | RouterIncluded
    | RowsErased
    | RuleFile
    | RuleFileLoad
    | RunnerCalled
    | RunnerConfiguration
    | RunnerHidden
    | SecretLogged
    | SettingsReplaced
    | VariableForTests
    | RunsAs
    | ScrapeReach
    | ScrapeTarget
    | ScriptDefined
    | Scheduled
    | SchedulerStarted
    | ScriptUse
    | SecretBaked
    | SecretCommitted
    | SecretDefault
    | ServiceLabelled
    | ShippedUser
    | SourceWanted
    | ServerAsked
    | StageBuilt
    | StageFolder
    | StageUse
    | StageUser
    | StageWanted
    | StateKept
    | Drained
    | TableDefined
    | TableDropped
    | TrackerStarted
    | UrlParts
    | VolumeDeclared
    | Workload
    | WorkloadChosen
    | AddressWritten
    | EnvironmentDocumented
    | NamesMentioned
    | StageShared
    | StageValue
    | SecretExample
    | SecretGuard
    | ValueAsked
    | ValueGiven
    | VariableNeed
    | VariableUse
    | VersionStated
    | WorkflowCalled
    | DeployFound
    | JobIdle
    | ClusterCommand
    | HealthJudged
    | HomeLost
    | ImageMade
    | ImageReplaced
    | ImageWanted
    | InstallFound
    | ManifestApplied
    | Marker
    | MigrationOrder
    | MigrationStep
    | NamespaceGiven
    | ReleaseFound
    | ShellValue
    | UnsafeLine
    | HandlerRead
    | ProbeAnswered
    | VersionEnded
    | GateFound
    | FixtureDefined
    | FixturesHidden
    | FixtureUse
    | LoadMetric
    | LoadRequest
    | LoadScript
    | BuildMount
    | ActorWritten
    | ConsentWritten
)
