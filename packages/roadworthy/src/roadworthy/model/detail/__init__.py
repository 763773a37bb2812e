"""What a symbol says beyond its name: one small frozen dataclass per kind of statement, one file per subject."""

from roadworthy.model.detail.alert import AlertRoute, AlertRule, ReceiverDefined
from roadworthy.model.detail.backup import BackupMade
from roadworthy.model.detail.code import BlockingCall, ClientCall, HandlerEmpty, ModuleRead, OriginsAllowed
from roadworthy.model.detail.command import CommandUse, ProgramPresent, ProgramUse
from roadworthy.model.detail.deployment import DeployFound, JobIdle
from roadworthy.model.detail.document import (
    DocumentLink,
    DocumentRead,
    LicenceText,
    ReadinessClaim,
)
from roadworthy.model.detail.environment import (
    EnvironmentGiven,
    EnvironmentImported,
    EnvironmentRead,
    EnvironmentTaken,
    UrlParts,
)
from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.detail.image import (
    BaseImage,
    ContentFound,
    CopySource,
    FilePlaced,
    FileWanted,
    IgnoreRule,
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
from roadworthy.model.detail.local_state import StateKept
from roadworthy.model.detail.logging import LogSetup
from roadworthy.model.detail.manifest import Dependency, ManifestRead
from roadworthy.model.detail.metric import (
    LabelDefinition,
    LabelUse,
    LabelValue,
    MetricDefinition,
    MetricTouch,
    MetricUse,
)
from roadworthy.model.detail.object_key import ObjectKey, ObjectKeyUse
from roadworthy.model.detail.pipeline import ActionUse, PermissionsGiven, PipelineJob, PlatformPipeline
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.probe import ProbeUse
from roadworthy.model.detail.prometheus import (
    FileMounted,
    PrometheusConfiguration,
    RuleFile,
    RuleFileLoad,
    ScrapeTarget,
)
from roadworthy.model.detail.route import (
    NameImported,
    PathText,
    RouteDeclared,
    RouterDeclared,
    RouterIncluded,
    RouteServed,
)
from roadworthy.model.detail.script import CommandLine, PathUse, ScriptDefined, ScriptUse
from roadworthy.model.detail.secret import EnvironmentFile, SecretCommitted, SecretDefault
from roadworthy.model.detail.server import ServerAsked
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
from roadworthy.model.detail.testing import CaseFound, CasesRead, RunnerCalled, RunnerConfiguration, RunnerHidden
from roadworthy.model.detail.volume import DataKept, FileUse, Mount, VolumeDeclared
from roadworthy.model.detail.workload import DependsOn, HostName, Workload, WorkloadChosen

Detail = (
    ActionUse
    | AlertRoute
    | AlertRule
    | BackupMade
    | BaseImage
    | BlockingCall
    | CallsMade
    | CaseFound
    | CasesRead
    | ClientCall
    | CommandLine
    | CommandUse
    | ContentFound
    | CopySource
    | DataKept
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
    | HostName
    | IgnoreRule
    | LabelDefinition
    | LabelUse
    | LabelValue
    | LicenceText
    | LogSetup
    | ManifestRead
    | MetricDefinition
    | MetricTouch
    | MetricUse
    | ModelMapped
    | ModuleRead
    | Mount
    | NameImported
    | ObjectKey
    | ObjectKeyUse
    | OriginsAllowed
    | PackageInstalled
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
    | PrometheusConfiguration
    | ReadinessClaim
    | ReceiverDefined
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
    | RunsAs
    | ScrapeTarget
    | ScriptDefined
    | ScriptUse
    | SecretBaked
    | SecretCommitted
    | SecretDefault
    | ShippedUser
    | SourceWanted
    | ServerAsked
    | StageBuilt
    | StageFolder
    | StageUse
    | StageUser
    | StageWanted
    | StateKept
    | TableDefined
    | TableDropped
    | UrlParts
    | VolumeDeclared
    | Workload
    | WorkloadChosen
    | DeployFound
    | JobIdle
)
